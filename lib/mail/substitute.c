/*
 * substitute.c - whom a note of absence names to be asked instead
 *
 * An address near words like "urgent", "colleague", "in caso di urgenza",
 * with the name in front of it; never the writer's own, never ours.
 */
#include <string.h>
#include <strings.h>

#include "absence.h"
#include "classify.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define TEXT_MAX 6000
#define WINDOW 240 /* bytes before an address that may speak of it */
#define BEHIND 90  /* bytes behind it */
#define INSTEAD_MAX 10
#define NAME_WORDS 5

/* clang-format off */
/* Folded; before the address. */
static const char *const before_words[] = {
	"urgent", "urgenc", "urgenz", "emergenc", "emergenz", "contact",
	"contat", "kontakt", "substitut", "sostitu", "sustitu", "colleague",
	"colleg", "colega", "kolleg", "vertret", "vertrit", "remplac",
	"in my absence", "assistance", "immediate", "please e", "please send",
	"please write", "write to", "reach", "refer to", "minha ausencia",
	"durante est", "em caso", "in caso", "en cas", "en caso", "dring",
	"wenden", "rivolg", "scriv", "escrev", "escrib", "schreib", "adress",
	"s'adress", "joindre", "acionar", "procur", "encaminh", "enviar",
	"envie", "mia assenza", "mi ausencia", "mon absence", "meiner abwesen",
	"fale com", "falar com", "covering", "delegat", "backup", "back-up",
	"instead", "help", "questions", "duvida", "cuidad",
};

/* Folded; behind it: "ana@x.example will help you". */
static const char *const behind_words[] = {
	"will help", "can help", "will assist", "can assist", "is covering",
	"will be covering", "is replacing", "may help", "ira ajudar",
	"podera ajudar", "pode ajudar", "me substitui", "esta me substituindo",
	"mi sostituisce", "mi sostituira", "me sustituye", "le atendera",
	"me remplace", "vertritt", "hilft ihnen", "steht ihnen",
};

/* A line that begins so ends the note: below stand his own addresses. */
static const char *const farewells[] = {
	"best regards", "kind regards", "regards", "sincerely", "best,",
	"yours", "cheers", "atenciosamente", "att,", "att.", "cordialmente",
	"abracos", "cumprimentos", "cordiali saluti", "distinti saluti",
	"saluti", "un saludo", "saludos", "atentamente", "cordialement",
	"bien cordialement", "mit freundlichen", "freundliche gruss",
	"viele gruss", "beste gruss", "mfg",
};

/* Between a name and its address. */
static const char *const between[] = {
	"at", "on", "via", "under", "by", "through", "to", "or", "email",
	"e-mail", "mail", "mailto", "address", "the", "pelo", "pela", "no",
	"na", "em", "por", "endereco", "correio", "a", "al", "alla", "all",
	"indirizzo", "tramite", "el", "correo", "au", "par", "sur", "adresse",
	"per", "unter", "auf", "an", "is", "courriel", "mel", "o",
};

/* Inside a name; "and" for two persons with one address. */
static const char *const particles[] = {
	"de", "da", "do", "dos", "das", "di", "del", "della", "la", "van",
	"von", "der", "den", "le", "du", "e", "y", "and", "und", "et",
};

/* First words of sentences and titles, which are no names. */
static const char *const not_names[] = {
	"contact", "contat", "kontakt", "please", "bitte", "favor", "por",
	"urgent", "urgenc", "for", "in", "em", "en", "if", "se", "si",
	"mr", "mrs", "ms", "miss", "dr", "sr", "sra", "dra", "herr", "frau",
	"herrn", "sig", "dott", "mme", "mlle", "my", "meu", "minha",
	"colleague", "colega", "mein", "email", "e-mail", "mail", "you",
	"write", "escrev", "scriv", "schreib", "send", "envie", "call", "our",
	"nosso", "nossa", "the", "o", "a", "und", "oder", "or", "ou", "and",
	"rivolgersi", "contattare", "veuillez", "merci", "scrivere", "sie",
	"reach", "ask", "instead", "fale", "procure", "vertretung",
};
/* clang-format on */

/* ---- addresses --------------------------------------------------- */

static bool
is_addr_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') ||
	       (c != '\0' && strchr("!#$%&*+-/=?_~.", c) != NULL);
}

/* The address around the '@'; len 0: it is none. */
static struct ouv_str
addr_around(const char *text, const char *at)
{
	const char *from = at, *to = at + 1;

	while (from > text && is_addr_char(from[-1]) && at - from < 80)
		from--;
	while (from < at && strchr(".-/=*_", *from) != NULL)
		from++;
	while (is_addr_char(*to) && to - at < 200)
		to++;
	while (to > at && strchr("!#$%&*+-/=?_~.", to[-1]) != NULL)
		to--;
	if (from == at || to <= at + 1)
		return (struct ouv_str){ at, 0 };
	return (struct ouv_str){ from, (size_t)(to - from) };
}

static bool
same_as_one(const struct ouv_mail_addrs *addrs, const char *addr)
{
	for (size_t i = 0; i < addrs->count; i++)
		if (mail_same_mailbox(addrs->list[i].addr, addr))
			return true;
	return false;
}

static bool
may_stand_in(struct mail_view *view, const char *addr,
	const struct ouv_mail_addrs *known)
{
	const struct ouv_mail *mail = view->mail;

	return ouv_mail_addr_ok(addr) && !mail_is_ours(view->office, addr) &&
	       !mail_is_unread(view->arena, addr) &&
	       !same_as_one(&mail->from, addr) &&
	       !same_as_one(&mail->sender, addr) &&
	       !same_as_one(&mail->reply_to, addr) && !same_as_one(known, addr);
}

/* ---- names ------------------------------------------------------- */

/* The last word before end, without what only separates; "" at the start. */
static struct ouv_str
word_before(const char *start, const char *end)
{
	const char *from = end;

	while (from > start && strchr(" \t\n<>()[]\"|", from[-1]) == NULL)
		from--;
	return (struct ouv_str){ from, (size_t)(end - from) };
}

static const char *
plain_word(struct ouv_arena *arena, struct ouv_str word)
{
	char *plain = mail_plain(arena, word.p, word.len);
	size_t len = strlen(plain);

	while (len > 0 && strchr(".,:;'", plain[len - 1]) != NULL)
		plain[--len] = '\0';
	return plain;
}

/* A capital letter, of those that the six languages have. */
static bool
is_capital(struct ouv_str word)
{
	unsigned char c = word.len > 0 ? (unsigned char)word.p[0] : 0;
	unsigned char d = word.len > 1 ? (unsigned char)word.p[1] : 0;

	return (c >= 'A' && c <= 'Z') || (c == 0xC3 && d >= 0x80 && d <= 0x9E);
}

/* Back over "(", ", ", " at the e-mail "; one end of line at most. */
static const char *
skip_between(struct ouv_arena *arena, const char *start, const char *end)
{
	bool line = false;

	for (int i = 0; i < 6; i++) {
		struct ouv_str word;

		while (end > start && strchr(" \t<([\"',:;-|*\n", end[-1])) {
			if (end[-1] == '\n' && line)
				return end;
			line |= end[-1] == '\n';
			end--;
		}
		word = word_before(start, end);
		if (word.len == 0 || word.len > 10 ||
			!mail_is_any(plain_word(arena, word), between,
				COUNT(between)))
			return end;
		end = word.p;
	}
	return end;
}

static bool
ends_sentence(struct ouv_str word)
{
	char last = word.p[word.len - 1];

	return last == ',' || last == ':' || last == ';' || last == '!' ||
	       last == '?' || (last == '.' && word.len > 4);
}

/* "Maria da Silva" before the address; "" when none is said. */
static const char *
name_before(struct ouv_arena *arena, const char *start, const char *addr)
{
	const char *end = skip_between(arena, start, addr);
	const char *from = end, *p = end;
	const char *name;

	for (int i = 0; i < NAME_WORDS; i++) {
		struct ouv_str word = word_before(start, p);
		const char *plain;

		if (word.len == 0 || word.len > 40 ||
			(p != end && ends_sentence(word)))
			break;
		plain = plain_word(arena, word);
		if (is_capital(word)) {
			if (mail_is_any(plain, not_names, COUNT(not_names)))
				break;
			from = word.p;
		} else if (p == end ||
			   !mail_is_any(plain, particles, COUNT(particles))) {
			break;
		}
		p = word.p;
		if (p == start || p[-1] != ' ')
			break;
		p--;
	}
	if (from == end)
		return "";
	name = mail_clean_line(
		arena, (struct ouv_str){ from, (size_t)(end - from) });
	return memchr(name, '@', strlen(name)) != NULL ? "" : name;
}

/* ---- all of them ------------------------------------------------- */

/* Up to the line that says good-bye. */
static size_t
note_len(struct ouv_arena *arena, const char *text)
{
	size_t len = strnlen(text, TEXT_MAX);

	for (const char *p = text; p < text + len;) {
		size_t n = strcspn(p, "\n");
		const char *line = mail_plain(arena, p, n > 40 ? 40 : n);

		for (size_t i = 0; p > text && i < COUNT(farewells); i++)
			if (mail_starts(line, farewells[i]))
				return (size_t)(p - text);
		p += n + (p[n] == '\n');
	}
	return len;
}

static bool
is_spoken_of(struct ouv_arena *arena, const char *text, const char *end,
	struct ouv_str addr)
{
	const char *from = addr.p - text > WINDOW ? addr.p - WINDOW : text;
	const char *behind = addr.p + addr.len;
	size_t more = (size_t)(end - behind);

	return mail_has_any(mail_plain(arena, from, (size_t)(addr.p - from)),
		       before_words, COUNT(before_words)) ||
	       mail_has_any(
		       mail_plain(arena, behind, more > BEHIND ? BEHIND : more),
		       behind_words, COUNT(behind_words));
}

void
mail_substitutes(
	struct mail_view *view, const char *text, struct ouv_mail_addrs *out)
{
	const char *end = text + note_len(view->arena, text);
	const char *at = memchr(text, '@', (size_t)(end - text));

	for (; at != NULL && out->count < INSTEAD_MAX;
		at = memchr(at + 1, '@', (size_t)(end - at - 1))) {
		struct ouv_str found = addr_around(text, at);
		const char *addr;

		if (found.len == 0 || found.p + found.len > end)
			continue;
		addr = ouv_arena_strndup(view->arena, found.p, found.len);
		if (!may_stand_in(view, addr, out) ||
			!is_spoken_of(view->arena, text, end, found))
			continue;
		if (out->list == NULL)
			out->list = ouv_arena_array(
				view->arena, INSTEAD_MAX, sizeof *out->list);
		out->list[out->count++] = (struct ouv_mail_addr){
			name_before(view->arena, text, found.p), addr
		};
	}
}
