/*
 * absence.c - from when until when somebody is away, and who answers instead
 *
 * Reads the text of an automatic answer once, left to right: a cue ("until",
 * "a partir de", "zuruck am"), words that may stand between, a date.  What
 * does not fit together is dropped: no date is better than a wrong one.
 */
#include <string.h>

#include "absence.h"
#include "absence_words.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define TEXT_MAX 6000 /* bytes of the note that are read */
#define FILLERS_MAX 6 /* words between a cue and its date */
#define TAIL 70       /* bytes behind a date that say what it was */
#define LEAD 120      /* bytes before it that say so */

enum end {
	END_FROM,
	END_UNTIL,
	END_BACK,
	END__COUNT
};

struct note {
	struct away_clock clock;
	const char *text;
	bool away; /* a word of absence is in it */
	bool has[END__COUNT];
	bool sure_until; /* such a word is in the same sentence */
	struct away_date date[END__COUNT];
};

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80;
}

/* Does p begin with these whole words? */
static bool
at_words(const char *p, const char *words)
{
	size_t len = strlen(words);

	return strncmp(p, words, len) == 0 &&
	       (!is_word(p[len]) || !is_word(words[len - 1]));
}

/* ---- the text ---------------------------------------------------- */

/*
 * Folded; the ends of lines are blanks, those of paragraphs and the marks of
 * bold text are what they are for reading: '\n' and nothing.
 */
static char *
fold(struct mail_view *view, const char *text)
{
	size_t len = strnlen(text, TEXT_MAX);
	const char *end = text + len;
	struct ouv_buf buf;

	ouv_buf_init(&buf, view->arena, len + 1);
	for (const char *p = text; p < end;) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((eol == NULL ? end : eol) - p);
		const char *line = mail_plain(view->arena, p, n);

		if (line[0] == '\0')
			ouv_buf_char(&buf, '\n');
		else if (buf.len > 0 && buf.data[buf.len - 1] != '\n')
			ouv_buf_char(&buf, ' ');
		for (; *line != '\0'; line++)
			if (*line != '*')
				ouv_buf_char(&buf, *line);
		p += n + (eol != NULL);
	}
	ouv_buf_char(&buf, '\0');
	return buf.data;
}

/* ---- pieces ------------------------------------------------------ */

static const struct cue *
find_cue(const char *p)
{
	const struct cue *found = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < COUNT(cues); i++) {
		size_t len = strlen(cues[i].words);

		if (len > longest && at_words(p, cues[i].words)) {
			found = &cues[i];
			longest = len;
		}
	}
	return found;
}

static const char *
marks(const char *p)
{
	return p + strspn(p, " ,(:_");
}

/* The longest filler at p; p itself: there is none. */
static const char *
skip_filler(const char *p)
{
	size_t longest = 0;

	for (size_t i = 0; i < COUNT(fillers); i++) {
		size_t len = strlen(fillers[i]);

		if (len > longest && at_words(p, fillers[i]))
			longest = len;
	}
	if (longest > 0 && p[longest] == '.')
		longest++;
	return p + longest;
}

/* A date behind words that may stand before it; NULL: there is none. */
static const char *
date_behind(const char *p, bool english, struct away_date *date)
{
	for (int i = 0; i <= FILLERS_MAX; i++) {
		const char *next;
		size_t len;

		p = marks(p);
		len = away_date_read(p, english, date);
		if (len > 0)
			return p + len;
		next = skip_filler(p);
		if (next == p)
			return NULL;
		p = next;
	}
	return NULL;
}

static const char *
bare_behind(const char *p, int *day)
{
	for (int i = 0; i <= FILLERS_MAX; i++) {
		const char *next;
		size_t len;

		p = marks(p);
		len = away_bare_day(p, day);
		if (len > 0)
			return p + len;
		next = skip_filler(p);
		if (next == p)
			return NULL;
		p = next;
	}
	return NULL;
}

/* Behind "to", "-", "bis zum"; NULL: the range does not go on here. */
static const char *
behind_link(const char *p, bool between)
{
	size_t longest = 0;

	p += strspn(p, " ,)");
	if (*p == '-')
		return p + 1;
	for (size_t i = 0; i < COUNT(links); i++) {
		size_t len = strlen(links[i].words);

		if (len > longest && (between || !links[i].between) &&
			at_words(p, links[i].words))
			longest = len;
	}
	return longest == 0 ? NULL : p + longest;
}

/* "12 march." and no "12 mar.": the sentence is over. */
static bool
ends_with_month(const char *p)
{
	for (int i = 2; i <= 5 && p[-1] == '.'; i++)
		if (p[-i] < 'a' || p[-i] > 'z')
			return false;
	return p[-1] == '.';
}

/* The rest of the sentence behind a date, as far as it matters. */
static const char *
tail_of(struct ouv_arena *arena, const char *p)
{
	size_t n = 0;

	if (ends_with_month(p))
		return "";
	while (n < TAIL && p[n] != '\0' && strchr("\n!?;", p[n]) == NULL &&
		!(p[n] == '.' && p[n + 1] == ' '))
		n++;
	return ouv_arena_strndup(arena, p, n);
}

/* Behind "! " or ". "; a dot behind a number ends no sentence. */
static bool
begins_sentence(const char *start, const char *p)
{
	if (p - start < 3 || strchr("\n!?;", p[-1]) != NULL)
		return true;
	return p[-1] == ' ' && p[-2] == '.' && (p[-3] < '0' || p[-3] > '9');
}

/* Does the sentence around a date speak of an absence? */
static bool
in_absence(struct ouv_arena *arena, const struct note *note, const char *p)
{
	const char *tail = tail_of(arena, p), *from = p;

	while (!begins_sentence(note->text, from) && p - from < LEAD)
		from--;
	if (from - note->text < 3)
		from = note->text;
	return mail_has_any(tail, absence_stems, COUNT(absence_stems)) ||
	       mail_has_any(ouv_arena_strndup(arena, from, (size_t)(p - from)),
		       absence_stems, COUNT(absence_stems));
}

/* ---- roles ------------------------------------------------------- */

/* The first one stands: notes say it again in other languages. */
static void
set(struct note *note, enum end end, const struct away_date *date)
{
	if (note->has[end])
		return;
	note->has[end] = true;
	note->date[end] = *date;
}

/* One that stands in a sentence of its own gives way to a better one. */
static void
set_until(struct note *note, const struct away_date *date, bool sure)
{
	if (note->has[END_UNTIL] && (note->sure_until || !sure))
		return;
	note->has[END_UNTIL] = false;
	note->sure_until = sure;
	set(note, END_UNTIL, date);
}

static void
set_range(struct note *note, struct away_date from, struct away_date until)
{
	if (note->has[END_FROM] || note->has[END_UNTIL])
		return;
	set(note, END_FROM, &from);
	set(note, END_UNTIL, &until);
	note->sure_until = true;
}

/* "3 to 14 August": the month stands behind the second day only. */
static const char *
bare_range(struct note *note, const char *p, const struct cue *cue)
{
	bool english = cue != NULL && cue->english;
	struct away_date from = { 0 }, until = { 0 };

	p = cue == NULL ? p : marks(p);
	p = cue == NULL ? p + away_bare_day(p, &from.day)
			: bare_behind(p, &from.day);
	if (p == NULL || from.day == 0)
		return NULL;
	p = behind_link(p, cue != NULL && cue->role == CUE_BETWEEN);
	p = p == NULL ? NULL : date_behind(p, english, &until);
	if (p == NULL || until.either)
		return NULL;
	from.month = until.month;
	from.year = until.year;
	if (from.day > until.day) {
		from.month = until.month == 1 ? 12 : until.month - 1;
		from.year -= until.month == 1 && until.year != 0;
	}
	set_range(note, from, until);
	return p;
}

/* A range whose first date ends at p; NULL: no second one. */
static const char *
range_on(struct note *note, const char *p, const struct cue *cue,
	const struct away_date *from)
{
	bool english = cue != NULL && cue->english;
	struct away_date until = { 0 };
	const char *q, *end;

	q = behind_link(p, cue != NULL && cue->role == CUE_BETWEEN);
	if (q == NULL)
		return NULL;
	end = date_behind(q, english, &until);
	if (end == NULL) { /* "August 3-14, 2026" */
		until = *from;
		end = bare_behind(q, &until.day);
		if (end == NULL || until.day <= from->day || from->either)
			return NULL;
	}
	set_range(note, *from, until);
	return end;
}

/* "... volto em 9": that word speaks of the date behind it. */
static bool
says_back(const char *tail)
{
	for (size_t i = 0; i < COUNT(back_words); i++) {
		const char *at = strstr(tail, back_words[i]);

		if (at != NULL && strpbrk(at, "0123456789") == NULL)
			return true;
	}
	return false;
}

/* One date and no second: what it is, the cue or the words behind say. */
static void
take(struct ouv_arena *arena, struct note *note, const struct cue *cue,
	const struct away_date *date, const char *behind)
{
	const char *tail = tail_of(arena, behind);
	bool away = mail_has_any(tail, away_words, COUNT(away_words));
	bool back = !away && says_back(tail);

	switch (cue->role) {
	case CUE_UNTIL:
		set_until(note, date, in_absence(arena, note, behind));
		break;
	case CUE_BACK:
		set(note, END_BACK, date);
		break;
	case CUE_FROM:
		if (back)
			set(note, END_BACK, date);
		else if (in_absence(arena, note, behind))
			set(note, END_FROM, date);
		break;
	case CUE_DAY:
		set_range(note, *date, *date);
		break;
	case CUE_ON:
		if (back)
			set(note, END_BACK, date);
		else if (away)
			set_range(note, *date, *date);
		break;
	case CUE_RANGE:
	case CUE_BETWEEN:
		break;
	}
}

/* What begins at p; returns where to go on, p: nothing. */
static const char *
read_at(struct ouv_arena *arena, struct note *note, const char *p)
{
	const struct cue *cue = find_cue(p);
	struct away_date date = { 0 };
	const char *q, *end = NULL;

	if (cue == NULL) {
		size_t len = away_date_read(p, false, &date);

		if (len > 0 && !date.either)
			end = range_on(note, p + len, NULL, &date);
		if (end == NULL && len == 0 && *p >= '0' && *p <= '9')
			end = bare_range(note, p, NULL);
		return end == NULL ? p + len : end;
	}
	q = p + strlen(cue->words);
	if (cue->role == CUE_FROM || cue->role == CUE_RANGE ||
		cue->role == CUE_BETWEEN || cue->role == CUE_DAY)
		end = bare_range(note, q, cue);
	if (end != NULL)
		return end;
	end = date_behind(q, cue->english, &date);
	if (end == NULL)
		return p;
	if (cue->role != CUE_UNTIL && cue->role != CUE_BACK) {
		q = range_on(note, end, cue, &date);
		if (q != NULL)
			return q;
	}
	take(arena, note, cue, &date, end);
	return end;
}

static void
read_note(struct ouv_arena *arena, struct note *note, const char *text)
{
	note->text = text;
	note->away = note->away ||
		     mail_has_any(text, absence_stems, COUNT(absence_stems));
	for (const char *p = text; *p != '\0';) {
		const char *next = p;

		if (is_word(*p) && (p == text || !is_word(p[-1])) &&
			(p == text || strchr("./-:@+#", p[-1]) == NULL))
			next = read_at(arena, note, p);
		p = next > p ? next : p + 1;
	}
}

/* ---- the mail's own date ----------------------------------------- */

/* Minutes east of Greenwich in "... +0200"; false: not said. */
static bool
zone_of(struct ouv_str raw, int *minutes_out)
{
	for (size_t i = 0; i + 5 <= raw.len; i++) {
		const char *p = raw.p + i;
		int value = 0;

		if ((*p != '+' && *p != '-') || i == 0 || p[-1] != ' ')
			continue;
		for (int k = 1; k <= 4; k++)
			value = p[k] >= '0' && p[k] <= '9' && value >= 0
					? value * 10 + (p[k] - '0')
					: -1;
		if (value < 0 || value > 1400)
			continue;
		*minutes_out = value / 100 * 60 + value % 100;
		if (*p == '-')
			*minutes_out = -*minutes_out;
		return true;
	}
	return false;
}

/*
 * West of Greenwich from -4 hours on English is written as in the United
 * States; at +0000 many servers stand whose writers live elsewhere.
 */
static struct away_clock
clock_of(const struct mail_view *view)
{
	struct ouv_str raw = mail_field_raw(&view->message->header, "Date");
	struct away_clock clock = { .known = view->mail->has_date };
	int minutes = 0;
	int64_t local;

	if (raw.p != NULL && zone_of(raw, &minutes) && minutes != 0)
		clock.order =
			minutes <= -240 ? ORDER_MONTH_FIRST : ORDER_DAY_FIRST;
	local = view->mail->date + (int64_t)minutes * 60;
	/* years that no calendar here reaches are as good as none */
	if (local < 0 || local > (int64_t)86400 * 365 * 200)
		clock.known = false;
	if (clock.known)
		clock.today = (long)(local / 86400);
	return clock;
}

/* ---- what it all says -------------------------------------------- */

static void
write_down(struct mail_view *view, struct note *note)
{
	struct ouv_mail_absence *absence = &view->mail->absence;
	long from = -1, until = -1, back = -1;

	if (note->has[END_BACK])
		(void)away_resolve(&note->date[END_BACK], &note->clock,
			AWAY_NEXT, -1, &back);
	if (note->has[END_UNTIL] && note->away)
		(void)away_resolve(&note->date[END_UNTIL], &note->clock,
			AWAY_NEXT, -1, &until);
	if (back >= 0 && (until < 0 || until == back))
		until = back - 1;
	if (note->has[END_FROM] && note->away)
		(void)away_resolve(&note->date[END_FROM], &note->clock,
			AWAY_BEFORE, until, &from);
	if (back >= 0 && back <= until)
		back = -1;
	if (from >= 0 && until >= 0 && until < from)
		from = until = back = -1;
	if (from >= 0)
		absence->from = away_iso(view->arena, from);
	if (until >= 0)
		absence->until = away_iso(view->arena, until);
	if (back >= 0)
		absence->back = away_iso(view->arena, back);
}

void
mail_absence(struct mail_view *view)
{
	struct ouv_mail *mail = view->mail;
	struct note note = { .clock = clock_of(view) };
	const char *subject;

	if (mail->kind != OUV_MAIL_AUTO_REPLY)
		return;
	/* Notes puts it there; other subjects repeat what we wrote */
	subject = mail_plain(
		view->arena, mail->subject, strnlen(mail->subject, 400));
	if (mail_starts(subject, "auto:") || mail_starts(subject, "auto :"))
		read_note(view->arena, &note, subject);
	read_note(view->arena, &note, fold(view, mail->reply_text));
	write_down(view, &note);
	mail_substitutes(view, mail->reply_text, &mail->absence.instead);
	mail->has_absence =
		mail->absence.from != NULL || mail->absence.until != NULL ||
		mail->absence.back != NULL || mail->absence.instead.count > 0;
}
