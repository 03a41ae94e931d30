/*
 * mail_marks_test.c - what a mail claims to be is marked, and still read
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "../../lib/mail/marks.h"

static int
fresh_arena(void **state)
{
	*state = ouv_arena_new(OUV_ARENA_PLAIN);
	return 0;
}

static int
free_arena(void **state)
{
	struct ouv_arena *arena = *state;

	ouv_arena_free(&arena);
	return 0;
}

#define HEAD "From: Ana <ana@consumidora.example>\nSubject: s\n"
#define CLEAR                                                        \
	"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n"       \
	"Bom dia\n- - um\n- -----BEGIN x\n"                          \
	"-----BEGIN PGP SIGNATURE-----\n\niQIzBAEBCgAdFiEE\n=AbCd\n" \
	"-----END PGP SIGNATURE-----\n"
#define ARMOR(name)                                    \
	"-----BEGIN PGP " name "-----\nVersion: x\n\n" \
	"hQEMA5w2Qe8J7kXmAQf/\n=AbCd\n-----END PGP " name "-----\n"

/* clang-format off */
static const struct {
	const char *name, *raw;
	const char *marks; /* in any order, with blanks between */
	const char *text;  /* NULL: not compared */
} mails[] = {
	{ "a letter", HEAD "\nolá\n", "", "olá\n" },
	{ "an invitation", HEAD "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n", "calendar", "" },
	{ "an ics file", HEAD "Content-Type: application/octet-stream; name=a.ics\n\nx", "calendar", NULL },
	{ "S/MIME in clear", HEAD "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\n\n"
		"--b\n\nolá\n--b\nContent-Type: application/pkcs7-signature\n\nx\n--b--\n", "smime-signed", "olá" },
	{ "S/MIME, the old name", HEAD "Content-Type: multipart/signed; protocol=\"application/x-pkcs7-signature\"; boundary=b\n\n"
		"--b\n\nolá\n--b--\n", "smime-signed", "olá" },
	{ "S/MIME behind a list's footer", HEAD "Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\n\nolá\n--b\nContent-Type: application/x-pkcs7-signature; name=smime.p7s\n\nx\n--b--\n", "smime-signed", "olá" },
	{ "S/MIME sealed", HEAD "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nx", "smime-encrypted", "" },
	{ "S/MIME sealed, authenticated", HEAD "Content-Type: application/pkcs7-mime; smime-type=authEnveloped-data\n\nx", "smime-encrypted", "" },
	{ "S/MIME sealed, without its type", HEAD "Content-Type: application/x-pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"
		"MIAGCSqGSIb3DQEHA6CAMIACAQA=\n", "smime-encrypted", "" },
	{ "S/MIME as any file", HEAD "Content-Type: application/octet-stream; name=SMIME.P7M\nContent-Transfer-Encoding: base64\n\n"
		"MIAGCyqGSIb3DQEJEAEXoIAwgAIB\n", "smime-encrypted", "" },
	{ "S/MIME certificates", HEAD "Content-Type: application/pkcs7-mime; smime-type=certs-only; name=smime.p7c\n\nx", "", NULL },
	{ "a signed file", HEAD "Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\n\nsegue\n--b\nContent-Type: application/pkcs7-mime; name=fattura.pdf.p7m\nContent-Transfer-Encoding: base64\n\n"
		"MIAGCSqGSIb3DQEHAqCA\n--b--\n", "", "segue" },
	{ "PGP/MIME sealed", HEAD "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n"
		"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\nx\n--b--\n", "pgp-encrypted", "" },
	{ "PGP/MIME signed", HEAD "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b\n\n"
		"--b\n\nolá\n--b\nContent-Type: application/pgp-signature\n\nx\n--b--\n", "pgp-signed", "olá" },
	{ "a PGP key", HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nolá\n--b\nContent-Type: application/pgp-keys\n\nx\n--b--\n", "pgp-key", "olá" },
	{ "a PGP key as any file", HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nolá\n"
		"--b\nContent-Type: application/octet-stream; name=chave.asc\n\n" ARMOR("PUBLIC KEY BLOCK") "--b--\n", "pgp-key", "olá" },
	{ "a note called .asc", HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nolá\n"
		"--b\nContent-Type: application/octet-stream; name=nota.asc\n\nminha chave\n--b--\n", "", "olá" },
	{ "signed in clear", HEAD "\n" CLEAR, "pgp-signed", "Bom dia\n- um\n-----BEGIN x\n" },
	{ "signed in clear, more around", HEAD "\nantes\n" CLEAR "depois\n", "pgp-signed", "antes\nBom dia\n- um\n-----BEGIN x\ndepois\n" },
	{ "sealed inline", HEAD "\n" ARMOR("MESSAGE"), "pgp-encrypted", ARMOR("MESSAGE") },
	{ "a key inline", HEAD "\nminha chave:\n" ARMOR("PUBLIC KEY BLOCK"), "pgp-key", NULL },
	{ "talk of PGP", HEAD "\nPosso mandar com -----BEGIN PGP MESSAGE----- em cima?\n"
		"-----BEGIN PGP MESSAGE-----\nassim, sem nada\n-----END PGP MESSAGE-----\n", "",
		"Posso mandar com -----BEGIN PGP MESSAGE----- em cima?\n-----BEGIN PGP MESSAGE-----\nassim, sem nada\n-----END PGP MESSAGE-----\n" },
	{ "armor without an end", HEAD "\n-----BEGIN PGP SIGNED MESSAGE-----\n\nhQEMA5w2Qe8J7kXmAQf\nfim\n", "",
		"-----BEGIN PGP SIGNED MESSAGE-----\n\nhQEMA5w2Qe8J7kXmAQf\nfim\n" },
	{ "armor in a quote", HEAD "\n> -----BEGIN PGP MESSAGE-----\n>\n> hQEMA5w2Qe8J7kXmAQf\n> -----END PGP MESSAGE-----\n", "", NULL },
	{ "the lines of another", HEAD "\n-----BEGIN PGP MESSAGE-----\n\nhQEMA5w2Qe8J7kXmAQf\n-----END PGP SIGNATURE-----\n", "", NULL },
	{ "remote", HEAD "Content-Type: text/html\n\n<img src=https://x.example/a.png>a", "remote-content", "a\n" },
	{ "hidden", HEAD "Content-Type: text/html\n\n<p style=display:none>b</p>a", "hidden-text", "a\n" },
	{ "hidden and remote beside plain", HEAD "Content-Type: multipart/alternative; boundary=b\n\n"
		"--b\n\na\n--b\nContent-Type: text/html\n\n<p hidden>b</p><img src=//x.example/a>a\n--b--\n", "hidden-text remote-content", "a" },
};
/* clang-format on */

static struct ouv_mail
read_it(struct ouv_arena *arena, const char *raw, size_t len)
{
	char *copy = ouv_arena_memdup(arena, raw, len);
	struct ouv_mail mail;

	ouv_mail_read(arena, copy, len, NULL, &mail);
	return mail;
}

static bool
is_marked(const struct ouv_mail *mail, const char *mark)
{
	for (size_t i = 0; i < mail->marks.count; i++)
		if (strcmp(mail->marks.list[i], mark) == 0)
			return true;
	return false;
}

static bool
is_said(const struct ouv_mail *mail, const char *defect)
{
	for (size_t i = 0; i < mail->defects.count; i++)
		if (strcmp(mail->defects.list[i], defect) == 0)
			return true;
	return false;
}

static void
a_mail_has_the_marks_it_should_and_no_others(void **state)
{
	for (size_t i = 0; i < sizeof(mails) / sizeof(mails[0]); i++) {
		struct ouv_mail mail =
			read_it(*state, mails[i].raw, strlen(mails[i].raw));
		char *want = ouv_arena_strdup(*state, mails[i].marks);
		size_t count = 0;

		for (char *save, *mark = strtok_r(want, " ", &save);
			mark != NULL; mark = strtok_r(NULL, " ", &save)) {
			count++;
			if (!is_marked(&mail, mark))
				fail_msg("%s: not %s", mails[i].name, mark);
		}
		if (mail.marks.count != count)
			fail_msg("%s: %zu marks, the first is %s",
				mails[i].name, mail.marks.count,
				mail.marks.list[0]);
		if (mails[i].text != NULL &&
			strcmp(mail.text, mails[i].text) != 0)
			fail_msg("%s: \"%s\"", mails[i].name, mail.text);
	}
}

/* ---- signed mails whose text is inside --------------------------------------
 */

struct der {
	unsigned char bytes[4096];
	size_t len;
};

static void
add(struct der *der, const void *data, size_t len)
{
	memcpy(der->bytes + der->len, data, len);
	der->len += len;
}

/* Wraps all there is into one element; open_ended: of BER, with two zeros. */
static void
wrap(struct der *der, unsigned char tag, bool open_ended)
{
	unsigned char head[4] = { tag, 0x82, (unsigned char)(der->len >> 8),
		(unsigned char)der->len };
	size_t n = open_ended ? 2 : 4;

	if (open_ended) {
		head[1] = 0x80;
		add(der, "\0\0", 2);
	}
	memmove(der->bytes + n, der->bytes, der->len);
	memcpy(der->bytes, head, n);
	der->len += n;
}

static void
add_before(struct der *der, const void *data, size_t len)
{
	memmove(der->bytes + len, der->bytes, der->len);
	memcpy(der->bytes, data, len);
	der->len += len;
}

#define OID_DATA "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
#define OID_SIGNED "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"

/* SignedData around the entity: in one piece, or in pieces of 20 bytes. */
static void
sign(struct der *der, const char *entity, bool open_ended)
{
	size_t len = strlen(entity);

	der->len = 0;
	if (!open_ended) {
		add(der, entity, len);
		wrap(der, 0x04, false);
	} else {
		for (size_t at = 0; at < len; at += 20) {
			unsigned char n =
				(unsigned char)(len - at < 20 ? len - at : 20);

			add(der, "\x04", 1);
			add(der, &n, 1);
			add(der, entity + at, n);
		}
		wrap(der, 0x24, true);
	}
	wrap(der, 0xa0, open_ended);
	add_before(der, OID_DATA, 11);
	wrap(der, 0x30, open_ended);
	/* version, digest algorithms: one of BER, with something inside */
	add_before(der, open_ended ? "\x31\x80\x30\x80\0\0\0\0" : "\x31\x00",
		open_ended ? 8 : 2);
	add_before(der, "\x02\x01\x01", 3);
	wrap(der, 0x30, open_ended);
	wrap(der, 0xa0, open_ended);
	add_before(der, OID_SIGNED, 11);
	wrap(der, 0x30, open_ended);
}

static struct ouv_mail
read_signed(struct ouv_arena *arena, const char *entity, bool open_ended)
{
	static const char head[] = HEAD "Content-Type: application/pkcs7-mime; "
					"smime-type=signed-data; "
					"name=smime.p7m\n\n";
	static struct der der;
	struct ouv_buf raw;

	sign(&der, entity, open_ended);
	ouv_buf_init(&raw, arena, 0);
	ouv_buf_text(&raw, head);
	ouv_buf_add(&raw, der.bytes, der.len);
	return read_it(arena, raw.data, raw.len);
}

static void
the_text_inside_a_signed_envelope_is_read(void **state)
{
	for (int open_ended = 0; open_ended < 2; open_ended++) {
		struct ouv_mail mail = read_signed(*state,
			"Content-Type: text/plain; charset=utf-8\r\n"
			"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
			"A reclama=C3=A7=C3=A3o segue assinada.\r\n",
			open_ended == 1);

		assert_string_equal(
			mail.text, "A reclamação segue assinada.\n");
		assert_true(is_marked(&mail, "smime-signed"));
		assert_int_equal(mail.part_count, 1); /* the envelope */
		assert_string_equal(mail.parts[0].filename, "smime.p7m");
		assert_false(is_said(&mail, "files-in-envelope"));
		assert_false(is_said(&mail, "empty-body"));
	}
}

static void
files_inside_a_signed_envelope_are_said(void **state)
{
	struct ouv_mail mail = read_signed(*state,
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
		"--b\r\nContent-Type: text/html\r\n\r\n"
		"<p>segue<img src='https://x.example/a'></p>\r\n"
		"--b\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nx\r\n"
		"--b--\r\n",
		true);

	assert_string_equal(mail.text, "segue\n");
	assert_true(is_said(&mail, "files-in-envelope"));
	assert_true(is_marked(&mail, "remote-content"));
	assert_int_equal(mail.part_count, 1);
}

static void
a_signed_file_is_no_text(void **state)
{
	struct ouv_mail mail = read_signed(*state, "%PDF-1.4 nothing", false);

	assert_string_equal(mail.text, "");
	assert_true(is_said(&mail, "empty-body"));
	assert_int_equal(mail.part_count, 1);
}

static void
an_envelope_that_is_cut_or_spoilt_ends_nothing(void **state)
{
	static struct der der;
	struct ouv_str content;
	size_t most = 0;

	sign(&der, "Content-Type: text/plain\r\n\r\nolá, tudo bem", true);
	for (size_t len = 0; len < der.len; len++) {
		char *copy = malloc(len + 1);

		memcpy(copy, der.bytes, len);
		(void)mail_cms_open(
			*state, (struct ouv_str){ copy, len }, &content);
		assert_true(content.len >= most);
		most = content.len;
		free(copy);
	}
	assert_int_equal(most, strlen("Content-Type: text/plain\r\n\r\n"
				      "olá, tudo bem"));
	for (size_t at = 0; at < der.len; at++) {
		struct der spoilt = der;

		spoilt.bytes[at] ^= 0x91;
		(void)mail_cms_open(*state,
			(struct ouv_str){ (char *)spoilt.bytes, spoilt.len },
			&content);
		assert_true(content.len <= der.len);
	}
}

/* ---- invitations
 * ---------------------------------------------------------------- */

static void
an_invitation_alone_says_what_when_where_and_who(void **state)
{
	static const char raw[] = HEAD
		"Content-Type: text/calendar; method=REQUEST; charset=utf-8\n\n"
		"BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VTIMEZONE\n"
		"TZID:America/Sao_Paulo\nBEGIN:STANDARD\n"
		"DTSTART:19700101T000000\nEND:STANDARD\nEND:VTIMEZONE\n"
		"BEGIN:VEVENT\n"
		"ORGANIZER;CN=\"Silva, Ana: loja\":mailto:ana@loja.example\n"
		"DTSTART;TZID=\"America/Sao_Paulo\":20260210T150000\n"
		"DTEND;TZID=America/Sao_Paulo:20260210T160000\n"
		"SUMMARY;LANGUAGE=pt:Audiência de concil\n iação\\, sala 2\n"
		"LOCATION:Rua A\\; 10\n"
		"DESCRIPTION:Traga:\\n- o contrato\\n- a nota\n"
		"BEGIN:VALARM\nDESCRIPTION:Reminder\nEND:VALARM\n"
		"END:VEVENT\nEND:VCALENDAR\n";
	struct ouv_mail mail = read_it(*state, raw, strlen(raw));

	assert_string_equal(mail.text,
		"Audiência de conciliação, sala 2\n"
		"2026-02-10 15:00 – 2026-02-10 16:00 (America/Sao_Paulo)\n"
		"Rua A; 10\nSilva, Ana: loja <ana@loja.example>\n\n"
		"Traga:\n- o contrato\n- a nota\n");
	assert_int_equal(mail.text_source, OUV_TEXT_PLAIN);
	assert_int_equal(mail.part_count, 1);
	assert_false(is_said(&mail, "empty-body"));
}

static void
times_of_an_invitation_are_shown_as_far_as_they_are_understood(void **state)
{
	static const struct {
		const char *start, *want;
	} times[] = { { "DTSTART:20260210T150000Z", "2026-02-10 15:00 UTC\n" },
		{ "DTSTART;VALUE=DATE:20260210", "2026-02-10\n" },
		{ "dtstart:20260210T1500", "2026-02-10\n" },
		{ "DTSTART:amanha", "amanha\n" }, { "DTSTART:", "" } };

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct ouv_buf out;
		char *text = ouv_arena_printf(*state,
			"BEGIN:VEVENT\n%s\nEND:VEVENT\n", times[i].start);

		ouv_buf_init(&out, *state, 0);
		mail_invite(
			*state, (struct ouv_str){ text, strlen(text) }, &out);
		assert_string_equal(out.data, times[i].want);
	}
}

/* ---- other shapes of text
 * --------------------------------------------------------- */

/* clang-format off */
static const struct {
	bool enriched;
	const char *raw, *text;
} rich[] = {
	{ true, "<bold>Bom</bold> dia,\nsegue\n\na <<nota>.\n\n\nfim", "Bom dia, segue\na <nota>.\n\nfim\n" },
	{ true, "<color><param>red</param>a</color><nofill>\nb\nc</nofill>", "a\nb\nc\n" },
	{ true, "<excerpt>a\n\nb</excerpt>c", "> a\n> b\nc\n" },
	{ true, "<param>never ended", "never ended\n" },
	{ true, "1 < 2 <", "1 < 2 <\n" },
	{ false, "<bold>a</bold>\nb<nl>c<lt>d<comment>x</comment>\n", "a b\nc<d \n" },
	{ true, "", "" },
};
/* clang-format on */

static void
enriched_text_is_read_without_its_marks(void **state)
{
	for (size_t i = 0; i < sizeof(rich) / sizeof(rich[0]); i++) {
		struct ouv_buf out;

		ouv_buf_init(&out, *state, 0);
		mail_rich((struct ouv_str){ rich[i].raw, strlen(rich[i].raw) },
			rich[i].enriched, &out);
		assert_string_equal(out.data, rich[i].text);
	}
}

/* clang-format off */
static const struct {
	const char *plain, *html;
	enum mail_choice choice;
} choices[] = {
	{ "olá", "olá\n", MAIL_READ_PLAIN },
	{ " \r\n", "olá", MAIL_READ_HTML },
	{ "olá", "", MAIL_READ_PLAIN },
	{ "", "", MAIL_READ_PLAIN },
	{ "Your email client does not support HTML.", "Olá, segue a nota fiscal do pedido.", MAIL_READ_HTML },
	{ "O meu email client nao abre o site da loja, podem ajudar?", "O meu email client nao abre o site da loja, podem ajudar? Obrigada", MAIL_READ_PLAIN },
	{ "Veja no navegador: https://x.example/v/1",
		"Comprei uma geladeira em janeiro na loja do centro e ela veio com a porta amassada; pedi a troca tres vezes por telefone, "
		"mandei fotos, protocolos e a nota fiscal, mas ninguem responde desde fevereiro.", MAIL_READ_HTML_MORE },
	{ "Comprei uma geladeira em janeiro",
		"Comprei uma geladeira em janeiro na loja do centro e ela veio com a porta amassada; pedi a troca tres vezes por telefone, "
		"mandei fotos, protocolos e a nota fiscal, mas ninguem responde desde fevereiro.", MAIL_READ_HTML_MORE },
	{ "Comprei uma geladeira em janeiro na loja do centro e ela veio com a porta amassada; pedi a troca tres vezes por telefone, "
		"mandei fotos, protocolos.",
		"Comprei uma geladeira em janeiro na loja do centro e ela veio com a porta amassada; pedi a troca tres vezes por telefone, "
		"mandei fotos, protocolos e a nota fiscal, mas ninguem responde desde fevereiro.", MAIL_READ_PLAIN },
};
/* clang-format on */

static void
of_two_shapes_the_one_that_says_more_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++)
		if (mail_choose((struct ouv_str){ choices[i].plain,
					strlen(choices[i].plain) },
			    (struct ouv_str){ choices[i].html,
				    strlen(choices[i].html) }) !=
			choices[i].choice)
			fail_msg("%s", choices[i].plain);
}

/* ---- limits
 * ----------------------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char *head, *again, *tail;
} attacks[] = {
	{ HEAD "\n", "-----BEGIN PGP MESSAGE-----\n", "-----END PGP MESSAGE-----\n" },
	{ HEAD "\n", "-----BEGIN PGP SIGNED MESSAGE-----\n-----BEGIN PGP SIGNATURE-----\n", "-----END PGP SIGNATURE-----\n" },
	{ HEAD "\n", CLEAR, "" },
	{ HEAD "\n", "-----BEGIN PGP MESSAGE-----\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n-----BEGIN PGP PRIVATE KEY BLOCK-----\n", "-----END PGP MESSAGE-----\n" },
	{ HEAD "Content-Type: text/calendar\n\n", "BEGIN:VEVENT\n", "END:VEVENT\n" },
	{ HEAD "Content-Type: text/calendar\n\nBEGIN:VEVENT\nDTSTART", ";A=\"b\"", ":x\nEND:VEVENT\n" },
	{ HEAD "Content-Type: text/calendar\n\nBEGIN:VEVENT\nDTSTART:1\nDTSTART;TZID", ";TZID", ":x\nEND:VEVENT\n" },
	{ HEAD "Content-Type: text/enriched\n\n", "<excerpt><param>", "x" },
	{ HEAD "Content-Type: text/rtf\n\n{\\rtf1", "{\\'e9}", "x" },
	{ HEAD "Content-Type: text/rtf\n\n{\\rtf1", "{", "x" },
	{ HEAD "Content-Type: text/rtf\n\n{\\rtf1{\\fonttbl{\\f1\\fcharset204}}", "\\f1\\'e9\\f0\\'e9", "x" },
	{ HEAD "Content-Type: text/rtf\n\n{\\rtf1", "{\\fldinst a\":\"}{\\fldrslt b}", "x" },
	{ HEAD "Content-Type: application/pkcs7-mime\n\n", "\x30\x80", "x" },
	{ HEAD "Content-Type: application/pkcs7-mime\n\n\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80", "\x31\x80", "" },
};
/* clang-format on */

static void
two_megabytes_of_anything_cost_little_time(void **state)
{
#if defined(__SANITIZE_ADDRESS__)
	const double most = 8;
#else
	const double most = 2; /* all of reading, not ours alone */
#endif
	const size_t size = 2000000;
	char *raw = malloc(size + 1000);

	(void)state;
	for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		size_t again = strlen(attacks[i].again);
		size_t len = strlen(attacks[i].head);
		struct ouv_mail mail;
		clock_t start;
		double seconds;

		memcpy(raw, attacks[i].head, len);
		for (; len + again <= size; len += again)
			memcpy(raw + len, attacks[i].again, again);
		memcpy(raw + len, attacks[i].tail, strlen(attacks[i].tail));
		len += strlen(attacks[i].tail);
		start = clock();
		ouv_mail_read(arena, raw, len, NULL, &mail);
		seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
		if (seconds > most)
			fail_msg(
				"%zu %s: %.2f s", i, attacks[i].again, seconds);
		ouv_arena_free(&arena);
	}
	free(raw);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fresh_arena, free_arena)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_mail_has_the_marks_it_should_and_no_others),
		T(the_text_inside_a_signed_envelope_is_read),
		T(files_inside_a_signed_envelope_are_said),
		T(a_signed_file_is_no_text),
		T(an_envelope_that_is_cut_or_spoilt_ends_nothing),
		T(an_invitation_alone_says_what_when_where_and_who),
		T(times_of_an_invitation_are_shown_as_far_as_they_are_understood),
		T(enriched_text_is_read_without_its_marks),
		T(of_two_shapes_the_one_that_says_more_is_read),
		T(two_megabytes_of_anything_cost_little_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
