/*
 * robot.c - words by which a program gives itself away where headers do not
 *
 * People write such words too.  So a word alone only keeps us from answering;
 * it makes a mail automatic when other things fit: it answers a letter, has
 * no return path, or its text speaks like a vacation program.
 */
#include <string.h>

#include "meaning.h"
#include "classify.h"
#include "robot_words.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define SUBJECT_LEN 240 /* where a program's first words stand */
#define OPENING 700     /* bytes of the text where a note says it */
#define LINES_READ 8000 /* bytes of the text whose lines are looked at */
#define GREETING 140    /* bytes that may stand before the note */
#define NOTE_LEN 700    /* longer ones tell of something else */
#define ANSWER_LEN 1500 /* the same of what answers a letter */

/* Everything that was seen, before anything is decided. */
struct signs {
	enum mail_vacation vacation;
	bool answer;   /* it names a letter, or came to a reply address */
	bool reply;    /* its subject begins like an answer's */
	bool no_path;  /* Return-Path: <> */
	bool named;    /* "AUTO: Ana is out of the office" */
	bool away;     /* the text begins like a note */
	bool promise;  /* and says what happens meanwhile */
	bool confess;  /* a line says so, in what answers or confirms */
	bool desk;     /* the subject says that something came in */
	bool receipt;  /* told in words that a letter was opened */
	size_t length; /* bytes of the new text */
};

/* As mail_starts, quick to say no: these tables are long. */
static bool
starts(const char *text, const char *words)
{
	return text[0] == words[0] && mail_starts(text, words);
}

/* ---- subjects ---------------------------------------------------- */

static char *
plain_subject(struct mail_view *view)
{
	const char *subject = view->mail->subject;

	return mail_plain(view->arena, subject, strnlen(subject, SUBJECT_LEN));
}

/* Behind "Re:", "AW: Re:". */
static const char *
skip_prefixes(const char *p)
{
	for (size_t i = 0; i < COUNT(reply_prefixes);) {
		if (!starts(p, reply_prefixes[i])) {
			i++;
			continue;
		}
		p += strlen(reply_prefixes[i]);
		p += strspn(p, " ");
		i = 0;
	}
	return p;
}

static enum mail_vacation
how_it_ends(const char *end, bool bracket, bool people, bool answered)
{
	enum mail_vacation found = VACATION_NO;

	end += strspn(end, " ");
	if (*end == ':' || (bracket && (*end == ']' || *end == ')')))
		found = people ? VACATION_PEOPLE : VACATION_YES;
	else if (end[strspn(end, ".! ")] == '\0')
		found = people ? VACATION_WORD : VACATION_YES;
	else if (!people && mail_starts(end, "- "))
		found = VACATION_WORD;
	if (answered && found != VACATION_NO)
		return VACATION_ANSWERED;
	return found;
}

enum mail_vacation
mail_vacation(struct mail_view *view)
{
	const char *start = plain_subject(view);
	const char *p = skip_prefixes(start);
	bool bracket = *p == '[' || *p == '(', answered = p != start;

	p += bracket;
	for (size_t i = 0; i < COUNT(vacation_subjects); i++) {
		const struct subject_rule *rule = &vacation_subjects[i];
		enum mail_vacation found;

		if (!starts(p, rule->words))
			continue;
		found = how_it_ends(p + strlen(rule->words), bracket,
			rule->people, answered);
		if (found != VACATION_NO)
			return found;
	}
	return VACATION_NO;
}

/* ---- texts ------------------------------------------------------- */

/* The phrase stands first, or behind a greeting or a thank-you. */
static bool
begins_away(struct ouv_arena *arena, const char *text)
{
	bool greets = mail_starts_any(text, greetings, COUNT(greetings));
	size_t len = strnlen(text, GREETING + 40);
	const char *start = ouv_arena_strndup(arena, text, len);

	for (size_t i = 0; i < COUNT(away_phrases); i++) {
		const char *at = strstr(start, away_phrases[i]);

		if (at != NULL &&
			(at - start < 3 || (greets && at - start <= GREETING)))
			return true;
	}
	return false;
}

static bool
has_confession(struct mail_view *view, const char *text)
{
	const char *end = text + strnlen(text, LINES_READ);

	for (const char *p = text; p < end;) {
		size_t len = strcspn(p, "\n");
		size_t skip = strspn(p, " \t*#-=_[(|");
		const char *line;

		if (skip < len && p[skip] != '>') {
			line = mail_plain(view->arena, p + skip,
				len - skip > 120 ? 120 : len - skip);
			if (mail_starts_any(
				    line, confessions, COUNT(confessions)))
				return true;
		}
		p += len + (p[len] == '\n');
	}
	return false;
}

/* "Read: x" and "Your message ... was read on ..." */
static bool
is_receipt(const char *subject, const char *text)
{
	for (size_t i = 0; i < COUNT(receipt_subjects); i++) {
		const char *end;

		if (!starts(subject, receipt_subjects[i]))
			continue;
		end = subject + strlen(receipt_subjects[i]);
		end += strspn(end, " ");
		if (*end != ':' && *end != '\0' && *end != '(')
			continue;
		return mail_starts_any(text, receipt_openings,
			       COUNT(receipt_openings)) &&
		       mail_has_any(text, receipt_words, COUNT(receipt_words));
	}
	return false;
}

/* What a person hands on may say of itself whatever it likes. */
static bool
is_handed_on(const char *subject)
{
	static const char *const prefixes[] = { "fwd:", "fw:", "enc:", "tr:",
		"wg:", "i:", "rv:", "vb:", "doorst:", "encaminh", "weitergel" };

	return mail_starts_any(subject, prefixes, COUNT(prefixes));
}

static struct signs
look(struct mail_view *view)
{
	const struct ouv_mail *mail = view->mail;
	const char *text = mail->reply_text == NULL ? "" : mail->reply_text;
	const char *opening =
		mail_plain(view->arena, text, strnlen(text, OPENING));
	const char *subject = plain_subject(view);
	struct signs s = {
		.vacation = mail_vacation(view),
		.answer = mail->in_reply_to.count > 0 ||
			  mail->references.count > 0 || mail->token != NULL,
		.reply = skip_prefixes(subject) != subject,
		.no_path = mail->return_path != NULL &&
			   mail->return_path[0] == '\0',
		.named = mail_has_any(
			subject, away_subjects, COUNT(away_subjects)),
		.away = begins_away(view->arena, opening),
		.desk = mail_has_any(
			subject, receipts_of_desks, COUNT(receipts_of_desks)),
		.receipt = is_receipt(subject, opening),
		.length = strlen(text),
	};

	s.promise = s.away &&
		    mail_has_any(opening, away_promises, COUNT(away_promises));
	s.confess = (s.answer || s.reply || s.desk || s.no_path) &&
		    !is_handed_on(subject) && has_confession(view, text);
	return s;
}

/* ---- decisions --------------------------------------------------- */

struct verdict {
	bool (*holds)(const struct signs *s);
	enum ouv_mail_class kind; /* OUV_MAIL_HUMAN: only no answer */
	const char *reason;
};

static bool
certain_subject(const struct signs *s)
{
	return s->vacation == VACATION_YES;
}

static bool
fitting_subject(const struct signs *s)
{
	bool fits = s->answer || s->no_path || s->away;

	return fits && (s->vacation == VACATION_PEOPLE ||
			       s->vacation == VACATION_WORD || s->named);
}

static bool
answered_note(const struct signs *s)
{
	return s->vacation == VACATION_ANSWERED && s->away;
}

static bool
doubtful_subject(const struct signs *s)
{
	return s->vacation == VACATION_ANSWERED ||
	       s->vacation == VACATION_PEOPLE || s->named;
}

static bool
opened(const struct signs *s)
{
	return s->receipt && (s->answer || s->no_path);
}

static bool
perhaps_opened(const struct signs *s)
{
	return s->receipt;
}

static bool
note_without_path(const struct signs *s)
{
	return s->no_path && (s->away || s->confess);
}

static bool
note(const struct signs *s)
{
	if (s->answer || s->reply)
		return s->away && s->length <= ANSWER_LEN;
	return s->away && s->promise && s->length <= NOTE_LEN;
}

static bool
confession(const struct signs *s)
{
	return s->confess;
}

/* clang-format off */
static const struct verdict verdicts[] = {
	{ certain_subject,   OUV_MAIL_AUTO_REPLY, "Subject: words of an automatic answer" },
	{ fitting_subject,   OUV_MAIL_AUTO_REPLY, "Subject: words of an absence, and more fits" },
	{ answered_note,     OUV_MAIL_AUTO_REPLY, "Subject: words of an automatic answer" },
	{ opened,            OUV_MAIL_MDN,        "Text: says that a letter was opened" },
	{ note_without_path, OUV_MAIL_AUTO_REPLY, "Text: a note of absence, no return path" },
	{ doubtful_subject,  OUV_MAIL_HUMAN,      "Subject: may be an automatic answer" },
	{ perhaps_opened,    OUV_MAIL_HUMAN,      "Text: may be a receipt" },
	{ note,              OUV_MAIL_HUMAN,      "Text: may be a note of absence" },
	{ confession,        OUV_MAIL_HUMAN,      "Text: says that a program wrote it" },
};
/* clang-format on */

/*
 * Exchange calls its notes auto-generated, old vacation programs theirs
 * bulk: whoever is away says so in the subject or first in the text.
 */
static bool
is_note_of_program(const struct mail_view *view, const struct signs *s)
{
	bool loose =
		view->mail->kind == OUV_MAIL_NOTIFICATION ||
		(view->mail->kind == OUV_MAIL_BULK &&
			(mail_has_reason(view->mail, "Precedence") ||
				mail_has_reason(view->mail, "X-Precedence")) &&
			!mail_has_reason(view->mail, "List-"));

	return loose && (s->away || s->named ||
				(s->vacation != VACATION_NO &&
					s->vacation != VACATION_ANSWERED));
}

void
mail_robot(struct mail_view *view)
{
	struct signs s = look(view);

	if (is_note_of_program(view, &s))
		view->mail->kind = OUV_MAIL_AUTO_REPLY;
	for (size_t i = 0; i < COUNT(verdicts); i++)
		if (verdicts[i].holds(&s)) {
			mail_hit(view, verdicts[i].kind, verdicts[i].reason);
			return;
		}
}
