/*
 * mail.h - bytes to meaning, and letters to bytes
 *
 * Pure and bounded: no I/O, no clock, no locale; bytes in, struct out, for any
 * bytes whatever.  What cannot be understood is said in `defects`, never lost.
 * Rules and their RFC sections are beside the tables that hold them.
 */
#ifndef OUV_MAIL_H
#define OUV_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <jansson.h>

#include "ouv/arena.h"
#include "ouv/buf.h"
#include "ouv/case.h"

struct ouv_mail_addr {
	const char *name; /* decoded, no control characters, may be "" */
	const char *addr; /* local@domain as written, may be "" */
};

struct ouv_mail_addrs {
	size_t count;
	struct ouv_mail_addr *list;
};

struct ouv_mail_ids { /* Message-IDs without <> */
	size_t count;
	const char **list;
};

/* How a part is encoded, so that a reader can cut it from the raw mail. */
enum ouv_mail_encoding {
	OUV_MAIL_IDENTITY, /* 7bit, 8bit, binary, unknown */
	OUV_MAIL_BASE64,
	OUV_MAIL_QP,
	OUV_MAIL_UUENCODE,
	OUV_MAIL_TNEF, /* inside winmail.dat: index tells which */
	OUV_MAIL_ENCODING__COUNT
};

struct ouv_mail_part {
	const char *filename; /* no path, no control characters; may be NULL */
	const char *content_type; /* "a/b", lower case */
	size_t size;              /* decoded bytes */
	char sha256[65];          /* of the decoded bytes */
	bool inline_;             /* Content-Disposition: inline */
	const char *content_id;   /* without <>, may be NULL */
	bool from_tnef;
	/* where the encoded bytes lie in the raw mail */
	size_t offset, length;
	enum ouv_mail_encoding encoding;
	int index; /* inside winmail.dat, else 0 */
};

enum ouv_mail_class {
	OUV_MAIL_HUMAN,
	OUV_MAIL_AUTO_REPLY,
	OUV_MAIL_BOUNCE, /* at least one recipient failed */
	OUV_MAIL_DSN,    /* delayed, relayed, delivered    */
	OUV_MAIL_MDN,
	OUV_MAIL_ARF,
	OUV_MAIL_LIST,
	OUV_MAIL_BULK,
	OUV_MAIL_NOTIFICATION,
	OUV_MAIL_OWN,
	OUV_MAIL_CLASS__COUNT
};
const char *ouv_mail_class_name(enum ouv_mail_class kind);

struct ouv_mail_dsn_rcpt {
	const char *addr, *action, *status; /* never NULL */
	/* why: unknown-user disabled full too-big policy spam auth relay host
	 * expired loop other; "" when nothing failed */
	const char *cause;
};

/* What an out-of-office note says of the absence; each may be NULL. */
struct ouv_mail_absence {
	const char *from, *until;      /* first and last day away, YYYY-MM-DD */
	const char *back;              /* first day back, when so stated */
	struct ouv_mail_addrs instead; /* whom to write to meanwhile */
};

/* The message that a forward hands on, as its header block shows it. */
struct ouv_mail_forward {
	struct ouv_mail_addr from; /* "" where it was not shown */
	const char *subject;       /* never NULL */
};

struct ouv_mail {
	bool ok; /* false: nothing but raw bytes could be had */
	size_t size;
	char sha256[65];
	struct {
		size_t count;
		const char **list;
	} defects, reasons, /* reasons: every hit of classification */
		marks;      /* what staff must know before they read: calendar
			       smime-signed smime-encrypted pgp-signed
			       pgp-encrypted pgp-key remote-content hidden-text */

	const char *subject; /* never NULL */
	struct ouv_mail_addrs from, sender, reply_to, to, cc;
	bool has_date;
	int64_t date;
	const char *message_id; /* NULL: none */
	struct ouv_mail_ids in_reply_to, references;
	const char *return_path;    /* NULL: no such header; "": <> */
	const char *auto_submitted; /* keyword, lower case; NULL: none */
	const char *list_id;
	/* Delivered-To, X-Original-To, Envelope-To in order of appearance */
	struct ouv_mail_addrs delivered_to;
	/* "id; method=result; ..." of the topmost Authentication-Results, if
	 * its authserv-id is ours; else NULL */
	const char *auth_results;

	const char *text; /* whole visible text, LF, UTF-8; never NULL */
	enum {
		OUV_TEXT_NONE,
		OUV_TEXT_PLAIN,
		OUV_TEXT_HTML
	} text_source;
	const char *html_text;  /* NULL unless both alternatives exist */
	bool has_page;          /* there is a page that ouv_mail_page gives */
	const char *reply_text; /* new text only */
	const char *lang;       /* pt it en es de fr und */
	bool has_forward;       /* the text hands on somebody else's mail */
	struct ouv_mail_forward forward;

	size_t part_count;
	struct ouv_mail_part *parts; /* attachments, in order */

	enum ouv_mail_class kind;
	/* what may be done, before caps and tokens are asked */
	bool may_case, may_ack, may_ooo;

	bool has_dsn;
	int dsn_hard; /* 1 hard, 0 soft, -1 unknown */
	size_t dsn_count;
	struct ouv_mail_dsn_rcpt *dsn;
	const char *dsn_original_id; /* without <>, NULL: none */

	bool has_absence; /* only of an automatic answer */
	struct ouv_mail_absence absence;

	/* code in a caso+CODE@ recipient, as written; NULL: none.  All of
	 * them in tokens, best place first. */
	const char *token;
	struct ouv_mail_ids tokens;
	struct ouv_mail_ids thread_ids; /* ids to try, best first */
	const char *subject_tag;        /* protocol number in the subject */
	const char *verp; /* name in a b+NAME@ recipient; NULL: none */
};

/* What the reader must know of the office; every string may be NULL. */
struct ouv_mail_office {
	const char *address;     /* ouvidoria@ouvidoria.example */
	const char *reply_local; /* caso */
	const char *authserv_id;
	const char *loop_id; /* value of our X-Ouvidoria-Loop */
};

/*
 * Never fails: a message that cannot be understood is still one struct, with
 * ok false and a defect that says why.  raw is borrowed for the arena's life
 * (strings may point into it).  Limits are in lib/mail/limits.h.
 */
void ouv_mail_read(struct ouv_arena *arena, const void *raw, size_t len,
	const struct ouv_mail_office *office, struct ouv_mail *mail_out);

/* The document of `ouvidoria-mailgw parse`, schema mailgw.parse/1, plus
 * for each attachment "offset","length","encoding","index", for each
 * recipient of a report "cause", and for the message "page","delivered_to",
 * "auth_results","tokens","verp","marks","forward","absence" (ours). */
json_t *ouv_mail_to_json(const struct ouv_mail *mail);
/* Back again, checking every type; the document may come from a child that
 * read hostile bytes.  OUV_INVALID: it is not such a document. */
OUV_MUST_CHECK enum ouv_err ouv_mail_from_json(
	struct ouv_arena *arena, const json_t *doc, struct ouv_mail *mail_out);

/* In which language a text is written: pt it en es de fr, or und below a
 * margin, so that a guess is seldom wrong; its beginning tells it. */
const char *ouv_mail_lang(struct ouv_arena *arena, const char *text);

/*
 * The message as it is kept in its case: the document without html_text, its
 * texts beside the JSON (lib/mail/pack.c).  Unpacking checks everything, like
 * ouv_mail_from_json.  OUV_INVALID: it is not such a thing.
 */
void ouv_mail_pack(const struct ouv_mail *mail, struct ouv_buf *out);
OUV_MUST_CHECK enum ouv_err ouv_mail_unpack(struct ouv_arena *arena,
	struct ouv_str packed, struct ouv_mail *mail_out);

/*
 * reply_text for somebody else's eyes: where answers stand between quoted lines
 * it holds these too, and where there is nothing new, all of them.  Here each
 * run of lines that somebody else wrote is one line, mark; "": there is no line
 * of the writer's own.
 */
const char *ouv_mail_own_words(
	struct ouv_arena *arena, const struct ouv_mail *mail, const char *mark);

/* The decoded bytes of one part.  OUV_INVALID: the place is outside raw. */
OUV_MUST_CHECK enum ouv_err ouv_mail_part_bytes(struct ouv_arena *arena,
	const void *raw, size_t len, const struct ouv_mail_part *part,
	struct ouv_str *bytes_out);

/*
 * The same while the mail goes by from its first byte on, in pieces of any
 * size: adds to out what can be decoded by now; end adds the rest.
 * OUV_INVALID: the mail ended before the part did, or its winmail.dat has no
 * such file.
 */
struct ouv_mail_part_stream;
struct ouv_mail_part_stream *ouv_mail_part_stream_new(
	struct ouv_arena *arena, const struct ouv_mail_part *part);
void ouv_mail_part_stream_add(struct ouv_mail_part_stream *stream,
	const void *data, size_t len, struct ouv_buf *out);
OUV_MUST_CHECK enum ouv_err ouv_mail_part_stream_end(
	struct ouv_mail_part_stream *stream, struct ouv_buf *out);

/* The page of a mail, as it was sent, in UTF-8, and what came along with a
 * Content-ID; strings point into raw or lie in the arena. */
struct ouv_mail_picture {
	const char *id; /* without <> */
	struct ouv_str bytes;
};
struct ouv_mail_page {
	size_t part_count; /* a mail may have several, one below the other */
	struct ouv_str *parts;
	size_t picture_count;
	struct ouv_mail_picture *pictures;
};
/* OUV_NOT_FOUND: it has no page. */
OUV_MUST_CHECK enum ouv_err ouv_mail_page(struct ouv_arena *arena,
	const void *raw, size_t len, struct ouv_mail_page *page_out);

/* Lower-case hexadecimal SHA-256, as in the document. */
void ouv_mail_sha256(const void *data, size_t len, char hex_out[65]);
/* The same of what goes by in pieces; it goes with the arena. */
struct ouv_mail_digest;
struct ouv_mail_digest *ouv_mail_digest_new(struct ouv_arena *arena);
void ouv_mail_digest_add(
	struct ouv_mail_digest *digest, const void *data, size_t len);
/* Once; nothing can be added after it. */
void ouv_mail_digest_end(struct ouv_mail_digest *digest, char hex_out[65]);

/*
 * Canonical digest input: calls add() with the values of Message-ID, Date,
 * From, To, Cc and Subject and with the body octets (security: double
 * delivery has the same, whatever its trace headers).  A mail without
 * Message-ID or without Date is fed whole.
 */
void ouv_mail_canonical(const void *raw, size_t len,
	void (*add)(void *user, const void *data, size_t len), void *user);

/* ---- addresses ------------------------------------------------------------
 */

/*
 * May this string be given to an SMTP server?  At most 254 bytes, one @, a
 * domain with a dot or a literal, no control characters, blanks or <>
 * (RFC 5321 4.1.2; longer or odder ones would inject commands).
 */
bool ouv_mail_addr_ok(const char *addr);
/* Lower-case copy used for comparing and for the blind index. */
char *ouv_mail_addr_fold(struct ouv_arena *arena, const char *addr);

/* ---- letters ----------------------------------------------------------------
 */

struct ouv_letter_part {
	const char *filename, *content_type;
	const void *data;
	size_t len;
};

struct ouv_letter {
	const char *from_name, *from_addr;
	const char *to_name, *to_addr;
	const char *reply_to; /* caso+CODE@domain; NULL: none */
	const char *subject;
	const char *message_id;  /* without <> */
	const char *in_reply_to; /* without <>, NULL: none */
	struct ouv_mail_ids references;
	int64_t date;
	const char *lang; /* Content-Language: "en", "en, pt-BR" */
	const char *text; /* UTF-8, LF: the text part */
	bool flowed; /* the text is laid out for format=flowed (RFC 3676) */
	const char *html;           /* the HTML part; NULL: text only */
	const char *auto_submitted; /* auto-replied, auto-generated; NULL: a
				       person wrote it */
	bool precedence_bulk;       /* acknowledgements only */
	const char *loop_id;        /* X-Ouvidoria-Loop */
	const char *channel; /* X-Ouvidoria-Channel: how it came, where it was
				no mail; NULL */
	const char *postal;  /* it goes on paper, to this address, on one line:
				to_addr may be "" then; X-Ouvidoria-Postal */
	size_t part_count;
	const struct ouv_letter_part *parts;
};

/*
 * One complete message, CRLF, lines of at most 998 bytes, 7-bit (quoted-
 * printable, base64, RFC 2047), multipart/alternative when html is given.
 * Auto-Submitted also sets X-Auto-Response-Suppress: All.
 *
 * OUV_INVALID: an address that ouv_mail_addr_ok refuses, a control character
 * in a header value.
 */
OUV_MUST_CHECK enum ouv_err ouv_letter_write(struct ouv_arena *arena,
	const struct ouv_letter *letter, struct ouv_str *mime_out);

/*
 * The same bytes handed on while they are written: `put` gets them in order,
 * `more` gives the bytes of attachment n piece by piece, none at its end (data
 * and len of the parts are not looked at).  A piece stays valid until the next
 * is asked for.  parts_out (part_count of them) says of each what
 * ouv_mail_read would; content types as they were given.  An error of put or
 * more ends it and is passed on.
 */
struct ouv_letter_sink {
	enum ouv_err (*put)(void *user, const void *data, size_t len);
	enum ouv_err (*more)(
		void *user, size_t part, struct ouv_str *piece_out);
	void *user;
};
OUV_MUST_CHECK enum ouv_err ouv_letter_pass(struct ouv_arena *arena,
	const struct ouv_letter *letter, const struct ouv_letter_sink *sink,
	struct ouv_mail_part *parts_out, size_t *size_out, char sha256_out[65]);

#endif
