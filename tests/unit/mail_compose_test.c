/*
 * mail_compose_test.c - every letter is a message that any reader takes apart
 *
 * A small checker of its own walks each message line by line (CRLF, widths,
 * 7 bits, folds, encoded words, boundaries); then our reader must give back
 * what was written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/mail.h"
#include "../../lib/mail/qp.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* clang-format off */
static const char *const subjects[] = {
	"Sua reclamação 2026-000123-7",
	"Plain words", "", "a", " leading blank", "trailing blank ", "two  blanks",
	"=?UTF-8?Q?not_ours?=", "Ação ação ação ação ação ação ação ação ação ação ação ação ação",
	"\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200"
	"\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200"
	"\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200",
	"\346\227\245\346\234\254\350\252\236\346\227\245\346\234\254\350\252\236\346\227\245\346\234\254"
	"\350\252\236\346\227\245\346\234\254\350\252\236\346\227\245\346\234\254\350\252\236\346\227\245",
	"A very long subject of plain words that has to be folded at one of the blanks because it is longer than a line may be",
	"Averylongsubjectwithoutanyblankthathastobefoldedneverthelessbecauseitislongerthanalinemaybeandnoblankisthere1234567890",
	"50% = \"metade\" <x> (y) ? _ \\",
};

static const char *const names[] = {
	"", "Ana", "Ana Souza", "Souza, Ana", "Ana \"Nina\" Souza", "a\\b", "José da Conceição",
	"A. B.", "<ana@x.example>", "=?x?=", "ana@x.example",
	"Uma Pessoa Com Um Nome Extraordinariamente Comprido Que Não Cabe Em Uma Linha De Setenta E Oito Colunas",
};

static const char *const texts[] = {
	"", "\n", "a", "a\n", "Prezada Ana,\n\nrecebemos a sua reclamação.\n",
	"From here\nFrom there\n.\n..\n", "blank at the end \ntab\t\n \n\t\n",
	"=3D is no escape\n", "\342\202\254 100,00\n", "--=_a.0000000000000000--\n", "tabs\tin\tside\n",
	"a line that is longer than seventy-six columns has to be cut softly and must come back as one line again, não é?\n",
	"lone \r return\n", "last line without end", "a\r\nb\r\n",
};

static const char *const filenames[] = {
	"a.pdf", "nota fiscal.pdf", "relação.pdf", "\"quoted\".txt", "a;b=c'd%20.txt", "",
	"um nome de arquivo extraordinariamente comprido que não cabe em uma linha só e por isso vai em várias.pdf",
};
/* clang-format on */

static struct ouv_letter
letter(void)
{
	return (struct ouv_letter){
		.from_name = "Ouvidoria",
		.from_addr = "ouvidoria@ouvidoria.example",
		.to_name = "Ana Souza",
		.to_addr = "ana@consumidora.example",
		.reply_to = "caso+ABCD2345@ouvidoria.example",
		.subject = "Sua reclamação",
		.message_id = "o.1.abcdef@ouvidoria.example",
		.date = 1770026400, /* 2026-02-02 10:00 UTC */
		.lang = "pt-BR",
		.text = "Prezada Ana,\n\nrecebemos.\n",
		.html = "<p>Prezada Ana,</p><p>recebemos.</p>\n",
		.loop_id = "loop-1",
	};
}

static struct ouv_str
write_letter(struct ouv_arena *arena, const struct ouv_letter *l)
{
	struct ouv_str mime = { NULL, 0 };

	assert_int_equal(ouv_letter_write(arena, l, &mime), OUV_OK);
	assert_int_equal(mime.p[mime.len], '\0');
	return mime;
}

/* ---- the checker ------------------------------------------------- */

/* =E2 must be followed by the two =80..=BF that it needs. */
static void
check_character(const char *q, const char *stop)
{
	int more = q[1] == 'F' ? 3 : q[1] == 'E' ? 2 : 1;

	for (int i = 1; i <= more; i++)
		assert_true(q + i * 3 < stop && q[i * 3] == '=' &&
			    strchr("89AB", q[i * 3 + 1]));
}

/* An encoded word must hold whole characters and at most 75 columns. */
static void
check_words(const char *line, size_t len)
{
	const char *end = line + len, *p = line;

	while ((p = memmem(p, (size_t)(end - p), "=?UTF-8?", 8)) != NULL) {
		const char *data = p + 10;
		const char *stop = memmem(data, (size_t)(end - data), "?=", 2);

		assert_non_null(stop);
		assert_true(stop + 2 - p <= 75);
		if (p[8] == 'Q') {
			for (const char *q = data; q < stop; q++)
				if (*q == '=' && q[1] >= 'C')
					check_character(q, stop);
		} else {
			assert_int_equal((stop - data) % 4, 0);
		}
		p = stop + 2;
	}
}

static void
check_line(const char *line, size_t len, bool header)
{
	assert_true(len <= (header ? 78 : 76));
	for (size_t i = 0; i < len; i++)
		assert_true(
			(line[i] >= ' ' && line[i] < 0x7f) || line[i] == '\t');
	assert_true(len == 0 || (line[len - 1] != ' ' || header));
	if (header) {
		assert_true(line[0] == ' ' || memchr(line, ':', len));
		assert_true(strspn(line, " ") < len);
		check_words(line, len);
	} else {
		assert_false(len >= 5 && memcmp(line, "From ", 5) == 0);
		assert_int_not_equal(line[0], '.');
	}
}

/* Widths hold for every value here: no single word is over 76 columns. */
static void
check_message(struct ouv_str mime)
{
	const char *p = mime.p, *end = mime.p + mime.len;
	bool header = true;

	while (p < end) {
		const char *eol = memmem(p, (size_t)(end - p), "\r\n", 2);

		assert_non_null(eol);
		if (!header || eol > p)
			check_line(p, (size_t)(eol - p), header);
		if (header && eol == p)
			header = false;
		else if (!header && eol - p > 4 && memcmp(p, "--=_", 4) == 0)
			header = memcmp(eol - 2, "--", 2) != 0;
		p = eol + 2;
	}
	assert_false(header);
}

static size_t
count_of(struct ouv_str mime, const char *text)
{
	size_t count = 0;

	for (const char *p = mime.p; (p = strstr(p, text)) != NULL; p++)
		count++;
	return count;
}

static struct ouv_mail *
read_back(struct ouv_arena *arena, struct ouv_str mime)
{
	struct ouv_mail *mail = ouv_arena_alloc(arena, sizeof *mail);

	ouv_mail_read(arena, mime.p, mime.len, NULL, mail);
	assert_true(mail->ok);
	return mail;
}

/* CRLF becomes LF; a lone CR is a line end to a reader, too. */
static const char *
lines_of(struct ouv_arena *arena, const char *text)
{
	char *copy = ouv_arena_strdup(arena, text), *o = copy;

	for (const char *p = copy; *p != '\0'; p++)
		if (*p == '\r')
			*o++ = '\n', p += p[1] == '\n';
		else
			*o++ = *p;
	while (o > copy && o[-1] == '\n')
		o--;
	*o = '\0';
	return copy;
}

/* ---- the claims -------------------------------------------------- */

static void
every_subject_comes_back(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(subjects); i++) {
		struct ouv_letter l = letter();
		struct ouv_str mime;
		const char *got, *want = subjects[i];

		l.subject = want;
		mime = write_letter(arena, &l);
		check_message(mime);
		got = read_back(arena, mime)->subject;
		/* blanks at the ends are the reader's to trim */
		want += strspn(want, " ");
		got += strspn(got, " ");
		assert_int_equal(strncmp(got, want, strlen(got)), 0);
		assert_int_equal(strspn(want + strlen(got), " "),
			strlen(want) - strlen(got));
	}
	ouv_arena_free(&arena);
}

static void
every_name_comes_back(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct ouv_letter l = letter();
		struct ouv_str mime;
		const struct ouv_mail *mail;

		l.from_name = l.to_name = names[i];
		mime = write_letter(arena, &l);
		check_message(mime);
		mail = read_back(arena, mime);
		assert_int_equal(mail->to.count, 1);
		assert_string_equal(mail->to.list[0].name, names[i]);
		assert_string_equal(mail->to.list[0].addr, l.to_addr);
		assert_string_equal(mail->from.list[0].name, names[i]);
		assert_string_equal(mail->from.list[0].addr, l.from_addr);
		assert_string_equal(mail->reply_to.list[0].addr, l.reply_to);
	}
	ouv_arena_free(&arena);
}

static void
every_text_comes_back(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(texts) * 3; i++) {
		struct ouv_letter_part part = { "a.txt", "text/plain", "x", 1 };
		struct ouv_letter l = letter();
		struct ouv_str mime;

		l.text = texts[i / 3];
		l.html = i % 3 == 0 ? NULL : "<p>Prezada Ana,</p>";
		l.parts = &part;
		l.part_count = i % 3 == 2;
		mime = write_letter(arena, &l);
		check_message(mime);
		if (lines_of(arena, l.text)[strspn(l.text, " \t\r\n")] == '\0')
			continue; /* an empty text gives way to the HTML */
		assert_string_equal(
			lines_of(arena, read_back(arena, mime)->text),
			lines_of(arena, l.text));
	}
	ouv_arena_free(&arena);
}

/* clang-format off */
static const struct {
	const char *text;
	bool plain;  /* sent as it stands */
	bool flowed; /* so is this, as flowed text */
} encodings[] = {
	{ "Hello,\n\nshort.\n", true, true },
	{ "", true, true },
	{ "no end", true, true },
	{ "1234567890123456789012345678901234567890123456789012345678901234567890123456\n", true, true },
	{ "12345678901234567890123456789012345678901234567890123456789012345678901234567\n", false, false },
	{ "goes on \nhere\n", false, true },
	{ "Ol\303\241\n", false, false },
	{ ".\n", false, false },
	{ "a\nFrom here\n", false, false },
	{ "a\tb\n", false, false },
	{ "a\rb\n", false, false },
	{ "\033[1m\n", false, false },
	{ "last blank ", false, true },
};
/* clang-format on */

static void
only_what_every_relay_leaves_alone_is_sent_as_it_stands(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(encodings) * 2; i++) {
		struct ouv_letter l = letter();
		struct ouv_str mime;
		bool plain = i % 2 == 1 ? encodings[i / 2].flowed
					: encodings[i / 2].plain;

		l.text = encodings[i / 2].text;
		l.html = NULL;
		l.flowed = i % 2 == 1;
		mime = write_letter(arena, &l);
		assert_int_equal(
			count_of(mime, "Content-Transfer-Encoding: 7bit\r\n"),
			plain);
		assert_int_equal(count_of(mime, "Content-Transfer-Encoding: "
						"quoted-printable\r\n"),
			!plain);
		assert_int_equal(mime.p[mime.len - 1], '\n');
	}
	ouv_arena_free(&arena);
}

static void
a_flowed_text_says_so_and_keeps_its_blanks(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_letter l = letter();
	struct ouv_str mime = write_letter(arena, &l);

	(void)state;
	assert_int_equal(count_of(mime, "format="), 0);
	l.flowed = true;
	l.text = "one \ntwo \n\n > tr\303\252s\n-- \nAna\n";
	mime = write_letter(arena, &l);
	check_message(mime);
	assert_int_equal(count_of(mime, "text/plain; charset=utf-8; "
					"format=flowed; delsp=no\r\n"),
		1);
	assert_int_equal(count_of(mime, "one=20\r\ntwo=20\r\n\r\n > tr=C3=AAs"
					"\r\n--=20\r\nAna\r\n"),
		1);
	assert_int_equal(count_of(mime, "text/html; charset=utf-8\r\n"), 1);
	ouv_arena_free(&arena);
}

static void
a_letter_says_its_languages(void **state)
{
	static const struct {
		const char *lang;
		bool good;
	} tags[] = { { "en", true }, { "en, pt-BR", true }, { NULL, true },
		{ "", false }, { "en,", false }, { "en,it", false },
		{ "en, ", false }, { "en\r\nBcc: x", false },
		{ "en, it\r\nX: y", false }, { "en it", false } };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(tags); i++) {
		struct ouv_letter l = letter();
		struct ouv_str mime;

		l.lang = tags[i].lang;
		assert_int_equal(ouv_letter_write(arena, &l, &mime),
			tags[i].good ? OUV_OK : OUV_INVALID);
		if (tags[i].good && tags[i].lang != NULL)
			assert_int_equal(
				count_of(mime,
					ouv_arena_printf(arena,
						"Content-Language: %s\r\n",
						tags[i].lang)),
				1);
	}
	ouv_arena_free(&arena);
}

static void
every_attachment_comes_back(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	static unsigned char data[1000];

	(void)state;
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (unsigned char)(i * 7);
	for (size_t i = 0; i < COUNT(filenames); i++) {
		struct ouv_letter_part parts[2] = {
			{ filenames[i], "application/pdf", data, i * 57 + 1 },
			{ "z.bin", NULL, data, 0 },
		};
		struct ouv_letter l = letter();
		struct ouv_str mime, bytes;
		const struct ouv_mail *mail;

		l.parts = parts;
		l.part_count = 2;
		mime = write_letter(arena, &l);
		check_message(mime);
		mail = read_back(arena, mime);
		assert_int_equal(mail->part_count, 2);
		if (filenames[i][0] != '\0')
			assert_string_equal(
				mail->parts[0].filename, filenames[i]);
		assert_string_equal(
			mail->parts[0].content_type, "application/pdf");
		assert_int_equal(ouv_mail_part_bytes(arena, mime.p, mime.len,
					 &mail->parts[0], &bytes),
			OUV_OK);
		assert_int_equal(bytes.len, parts[0].len);
		assert_memory_equal(bytes.p, data, bytes.len);
		assert_int_equal(mail->parts[1].size, 0);
	}
	ouv_arena_free(&arena);
}

static void
an_attached_mail_is_not_sent_as_a_mail(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	static const char *const types[] = { "message/rfc822",
		"Multipart/mixed", "text/plain; charset=x\"", "pdf", "",
		"a/b/c" };

	(void)state;
	for (size_t i = 0; i < COUNT(types); i++) {
		struct ouv_letter_part part = { "a.eml", types[i], "x", 1 };
		struct ouv_letter l = letter();

		l.parts = &part;
		l.part_count = 1;
		assert_int_equal(
			count_of(write_letter(arena, &l),
				"Content-Type: application/octet-stream\r\n"),
			1);
	}
	ouv_arena_free(&arena);
}

static void
headers_are_those_of_the_letter(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const char *refs[60];
	struct ouv_letter l = letter();
	struct ouv_str mime;
	const struct ouv_mail *mail;

	(void)state;
	for (size_t i = 0; i < COUNT(refs); i++)
		refs[i] =
			ouv_arena_printf(arena, "%zu.x@consumidora.example", i);
	refs[30] = "bad id";
	l.in_reply_to = "59.x@consumidora.example";
	l.references.list = refs;
	l.references.count = COUNT(refs);
	mime = write_letter(arena, &l);
	check_message(mime);
	mail = read_back(arena, mime);
	assert_string_equal(mail->message_id, l.message_id);
	assert_string_equal(mail->in_reply_to.list[0], l.in_reply_to);
	assert_int_equal(mail->references.count, 39); /* a bad one left out */
	assert_string_equal(mail->references.list[0], refs[0]);
	assert_string_equal(mail->references.list[38], refs[59]);
	assert_true(mail->has_date);
	assert_int_equal(mail->date, l.date);
	assert_int_equal(
		count_of(mime, "Date: Mon, 2 Feb 2026 10:00:00 +0000\r\n"), 1);
	assert_int_equal(count_of(mime, "Content-Language: pt-BR\r\n"), 1);
	assert_int_equal(count_of(mime, "X-Ouvidoria-Loop: loop-1\r\n"), 1);
	assert_int_equal(count_of(mime, "MIME-Version: 1.0\r\n"), 1);
	assert_int_equal(count_of(mime, "Auto-Submitted"), 0);
	assert_int_equal(count_of(mime, "X-Auto-Response-Suppress"), 0);
	assert_int_equal(count_of(mime, "Precedence"), 0);
	ouv_arena_free(&arena);
}

static void
what_no_person_wrote_says_so(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_letter l = letter();
	struct ouv_str mime;

	(void)state;
	l.auto_submitted = "auto-replied";
	l.precedence_bulk = true;
	mime = write_letter(arena, &l);
	check_message(mime);
	assert_int_equal(count_of(mime, "Auto-Submitted: auto-replied\r\n"), 1);
	assert_int_equal(
		count_of(mime, "X-Auto-Response-Suppress: All\r\n"), 1);
	assert_int_equal(count_of(mime, "Precedence: bulk\r\n"), 1);
	ouv_arena_free(&arena);
}

static void
dates_are_right_on_every_day(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (int64_t at = -86400LL * 400; at < 4102444800LL;
		at += 86400LL * 13 + 3601) {
		struct ouv_letter l = letter();
		struct ouv_str mime;

		l.date = at;
		mime = write_letter(arena, &l);
		assert_int_equal(read_back(arena, mime)->date, at);
		ouv_arena_reset(arena);
	}
	ouv_arena_free(&arena);
}

static void
a_resend_is_the_same_bytes(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_letter l = letter();
	struct ouv_str a = write_letter(arena, &l);
	struct ouv_str b = write_letter(arena, &l);

	(void)state;
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.p, b.p, a.len);
	l.message_id = "o.2.abcdef@ouvidoria.example";
	b = write_letter(arena, &l);
	assert_null(strstr(b.p, strstr(a.p, "--=_a.")));
	ouv_arena_free(&arena);
}

/* Each value in turn carries a line end that would start a new header. */
static void
nothing_begins_a_header_of_its_own(void **state)
{
	static const char *const bad[] = { "a\r\nBcc: x@y.example", "a\nb",
		"a\rb", "a\001b", "a\177b", "a\302\205b", "a\342\200\250b" };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_str mime = { "untouched", 9 };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct ouv_letter l = letter();
		struct ouv_letter_part part = { "a", "a/b", "x", 1 };
		const char **values[] = { &l.from_name, &l.from_addr,
			&l.to_name, &l.to_addr, &l.reply_to, &l.subject,
			&l.message_id, &l.in_reply_to, &l.lang,
			&l.auto_submitted, &l.loop_id, &part.filename,
			&part.content_type, l.references.list };
		const char *one = "a@b.example";

		l.references.list = &one;
		l.references.count = 1;
		l.parts = &part;
		l.part_count = 1;
		values[COUNT(values) - 1] = &one;
		for (size_t k = 0; k < COUNT(values); k++) {
			const char *kept = *values[k];

			*values[k] = bad[i];
			assert_int_equal(ouv_letter_write(arena, &l, &mime),
				OUV_INVALID);
			assert_string_equal(mime.p, "untouched");
			*values[k] = kept;
		}
		assert_int_equal(ouv_letter_write(arena, &l, &mime), OUV_OK);
		mime = (struct ouv_str){ "untouched", 9 };
	}
	ouv_arena_free(&arena);
}

static void
only_harmless_addresses_pass(void **state)
{
	/* clang-format off */
	static const char *const good[] = {
		"ana@consumidora.example", "a.b-c_d+e@x.y.example", "a@[192.0.2.1]",
		"a@[IPv6:2001:db8::1]", "O'Neil@x.example", "a..b@docomo.example",
		"jos\303\251@x.example", "a@caf\303\251.example", "a=b@x.example", "a@b_c.example",
	};
	static const char *const bad[] = {
		"", "@", "a", "a@", "@b.example", "a@b", "a@@b.example", "a@b@c.example", "a b@c.example",
		"a@b.example ", " a@b.example", "<a@b.example>", "a@b.example>", "a@b.example\r\nRCPT TO:<c@d.example>",
		"a@b.example\n", "a\t@b.example", "a@.example", "a@b..example", "a@b.example.", "a@-b.example",
		"a,b@c.example", "a;b@c.example", "\"a b\"@c.example", "a(b)@c.example", "a@[1.2.3.4", "a@[]",
		"a@[1.2.3.4]x", "a@b.example,c@d.example", "@a,@b:c@d.example", "a\\@b.example", "a@b.ex\001mple",
		"a\302\205@b.example", "a\342\200\250@b.example", "a\377@b.example", "a@b.example\177", "a@b.c/d",
	};
	/* clang-format on */
	char big[300];

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!ouv_mail_addr_ok(good[i]))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (ouv_mail_addr_ok(bad[i]))
			fail_msg("taken: %s", bad[i]);
	assert_false(ouv_mail_addr_ok(NULL));
	memset(big, 'a', sizeof big);
	memcpy(big + 254 - 10, "@b.example", 11);
	assert_true(ouv_mail_addr_ok(big));
	memset(big, 'a', sizeof big);
	memcpy(big + 255 - 10, "@b.example", 11);
	assert_false(ouv_mail_addr_ok(big));
}

/* On paper: a name, a postal address, nobody's mailbox. */
static void
a_letter_on_paper_goes_to_no_mailbox(void **state)
{
	static const char *const postals[] = { "",
		"Rua das Laranjeiras, 45 / 22240-003 Rio de Janeiro - RJ",
		"Praça da Sé, conj. 12 / São Paulo" };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_letter l = letter();

	(void)state;
	l.to_addr = "";
	l.html = l.reply_to = NULL;
	for (size_t i = 0; i < COUNT(names) * COUNT(postals); i++) {
		struct ouv_mail_office office = { 0 };
		struct ouv_mail mail;
		struct ouv_str mime;

		l.to_name = names[i / COUNT(postals)];
		l.postal = postals[i % COUNT(postals)];
		mime = write_letter(arena, &l);
		check_message(mime);
		assert_non_null(strstr(mime.p, "\r\nX-Ouvidoria-Postal:"));
		assert_non_null(strstr(mime.p, ":;\r\n"));
		ouv_mail_read(arena, mime.p, mime.len, &office, &mail);
		assert_true(mail.ok);
		/* A name may look like an address; it is still none. */
		for (size_t k = 0; k < mail.to.count; k++)
			assert_true(strchr(l.to_name, '@') != NULL ||
				    strchr(mail.to.list[k].addr, '@') == NULL);
		assert_string_equal(mail.text, l.text);
	}
	l.postal = "Rua\r\nBcc: x@y.example";
	assert_int_equal(ouv_letter_write(arena, &l, &(struct ouv_str){ 0 }),
		OUV_INVALID);
	l.postal = NULL; /* then it needs a mailbox */
	assert_int_equal(ouv_letter_write(arena, &l, &(struct ouv_str){ 0 }),
		OUV_INVALID);
	ouv_arena_free(&arena);
}

static void
folded_addresses_compare(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	assert_string_equal(ouv_mail_addr_fold(arena, "Ana.S@X.Example"),
		"ana.s@x.example");
	assert_string_equal(
		ouv_mail_addr_fold(arena, "JOS\303\211@x"), "jos\303\211@x");
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_subject_comes_back),
		cmocka_unit_test(every_name_comes_back),
		cmocka_unit_test(every_text_comes_back),
		cmocka_unit_test(
			only_what_every_relay_leaves_alone_is_sent_as_it_stands),
		cmocka_unit_test(a_flowed_text_says_so_and_keeps_its_blanks),
		cmocka_unit_test(a_letter_says_its_languages),
		cmocka_unit_test(every_attachment_comes_back),
		cmocka_unit_test(an_attached_mail_is_not_sent_as_a_mail),
		cmocka_unit_test(headers_are_those_of_the_letter),
		cmocka_unit_test(what_no_person_wrote_says_so),
		cmocka_unit_test(dates_are_right_on_every_day),
		cmocka_unit_test(a_resend_is_the_same_bytes),
		cmocka_unit_test(nothing_begins_a_header_of_its_own),
		cmocka_unit_test(only_harmless_addresses_pass),
		cmocka_unit_test(a_letter_on_paper_goes_to_no_mailbox),
		cmocka_unit_test(folded_addresses_compare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
