/*
 * internal.h - what the files of lib/mail share
 *
 * The reading half (header.c to json.c) takes bytes apart; the meaning half
 * (classify.c, thread.c, ...) says what they are.  Both are pure: same bytes,
 * same struct.
 */
#ifndef OUV_MAIL_INTERNAL_H
#define OUV_MAIL_INTERNAL_H

#include "ouv/mail.h"
#include "limits.h"

/* ---- header.c: fields ------------------------------------------------------
 */

struct mail_field {
	struct ouv_str name; /* as written, without the colon */
	struct ouv_str raw;  /* value, unfolded, trimmed, still encoded */
};

struct mail_header {
	size_t count;
	struct mail_field *fields; /* in order of appearance */
	size_t length; /* bytes taken, the empty line after it included */
	bool cut;      /* over a limit: the rest was passed over */
	bool broken;   /* a line that is no field was passed over */
};

/* Lines of a block, whatever ends them. */
struct mail_lines {
	const char *p, *end;
	char eol; /* '\n', or '\r' where there is not one '\n' */
};

char mail_eol(const void *data, size_t len);
/* The next line without its end and trailing CRs; false: no more. */
bool mail_line_next(struct mail_lines *lines, struct ouv_str *line_out);

/* Splits the header at lines->p and moves it to the body. */
void mail_header_lines(struct ouv_arena *arena, struct mail_lines *lines,
	struct mail_header *header_out);
/* Splits the header at the start of data; strings may point into data. */
void mail_header_split(struct ouv_arena *arena, const void *data, size_t len,
	struct mail_header *header_out);
/* The n-th (from 0) field of that name, any case; NULL: no such. */
const struct mail_field *mail_field_nth(
	const struct mail_header *header, const char *name, size_t n);
/* The first one's raw value; p is NULL when there is none. */
struct ouv_str mail_field_raw(
	const struct mail_header *header, const char *name);
bool mail_name_is(struct ouv_str name, const char *want);
bool mail_str_is(struct ouv_str text, const char *want); /* any case */
struct ouv_str mail_trim(struct ouv_str text);

/* ---- charset.c, encoded_word.c, param.c ------------------------------------
 */

/*
 * Bytes to valid UTF-8 without NUL.  Total: an unknown or NULL charset is
 * read as UTF-8 if it is that, else as fallback (may be NULL), else as
 * windows-1252.  Returns false when the charset was named but is unknown, or
 * bytes had to be replaced.
 */
bool mail_to_utf8(struct ouv_arena *arena, const char *charset,
	const char *fallback, struct ouv_str bytes, struct ouv_str *text_out);
bool mail_charset_known(const char *charset);
bool mail_utf8_valid(struct ouv_str text);
/* Length of the UTF-8 character at the start (len > 0); 0: it is none. */
size_t mail_utf8_length(const char *text, size_t len);
/* Writes one character, which must be none of the surrogates. */
size_t mail_utf8_put(uint32_t c, char out[4]);
/* What the byte means in windows-1252. */
uint32_t mail_1252(unsigned char byte);

/* The character at the start, n bytes long. */
uint32_t mail_utf8_get(const char *text, size_t n);

struct mail_word {
	struct ouv_str charset; /* without *language */
	char encoding;          /* 'b' or 'q' */
	struct ouv_str text;
	const char *end;
};

/* Is there an encoded word at p ("=?")? */
bool mail_word_at(const char *p, const char *end, struct mail_word *word_out);
/* As mail_decode_2047, with whatever characters the words hold. */
struct ouv_str mail_decode_words(
	struct ouv_arena *arena, struct ouv_str raw, const char *charset);
/*
 * An unstructured value (RFC 2047 5.1, tolerant) to one line of UTF-8 without
 * control characters.  charset is that of raw 8-bit bytes, NULL: guess.
 */
const char *mail_decode_2047(
	struct ouv_arena *arena, struct ouv_str raw, const char *charset);

struct mail_param {
	const char *name;  /* lower case */
	const char *value; /* decoded: RFC 2231, 2047, raw 8-bit */
};

struct mail_params {
	const char *value; /* before the first ';', lower case, "" if none */
	size_t count;
	struct mail_param *list;
};

void mail_params_read(struct ouv_arena *arena, struct ouv_str raw,
	const char *charset, struct mail_params *params_out);
const char *mail_param(const struct mail_params *params, const char *name);
/* One line that can be shown: control characters become blanks. */
const char *mail_clean_line(struct ouv_arena *arena, struct ouv_str text);
/* A name without path, control characters and bidi overrides; NULL: none. */
const char *mail_clean_filename(struct ouv_arena *arena, const char *name);
/* local@domain without quotes, brackets, blanks, mailto: and route. */
const char *mail_clean_addr(
	struct ouv_arena *arena, struct ouv_str text, const char *charset);
char *mail_lower(struct ouv_arena *arena, struct ouv_str text);

/* ---- address.c, date.c -----------------------------------------------------
 */

/* Addresses of a raw value; groups are flattened, at most MAIL_ADDRS_MAX. */
void mail_addresses(struct ouv_arena *arena, struct ouv_str raw,
	const char *charset, struct ouv_mail_addrs *addrs_out);
/* Message-IDs of a raw value, without <>, each once. */
void mail_ids(struct ouv_arena *arena, struct ouv_str raw,
	struct ouv_mail_ids *ids_out);
/* RFC 5322 3.3 and every other shape seen; false: not a date. */
bool mail_date(struct ouv_str raw, int64_t *date_out);

/* ---- transfer.c ------------------------------------------------------------
 */

/* Called with pieces of at most a few KB. */
typedef void mail_sink(void *user, const unsigned char *data, size_t len);

/*
 * Decodes the whole of encoded, handing pieces to sink, which may hash them
 * without any memory.  Total: junk is passed over and makes it false.
 */
bool mail_decode(enum ouv_mail_encoding encoding, struct ouv_str encoded,
	mail_sink *sink, void *user);
/* The same into memory; returns false when something was broken. */
bool mail_decode_bytes(struct ouv_arena *arena, enum ouv_mail_encoding encoding,
	struct ouv_str encoded, struct ouv_str *bytes_out);

/* Is this the line "begin 644 name"? */
bool mail_uu_begin(struct ouv_str line, struct ouv_str *name_out);

/* ---- mime.c: structure -----------------------------------------------------
 */

/*
 * A node of the MIME tree: a multipart, or a leaf with bytes.  message/rfc822
 * is a leaf (mail_header_split its bytes to look inside).
 */
struct mail_leaf {
	const char *content_type; /* "a/b", lower case, never NULL */
	struct mail_params type;  /* Content-Type: charset, report-type, ... */
	const char *charset;      /* NULL: not declared */
	const char *filename;     /* cleaned, NULL: none */
	const char *disposition;  /* lower case, "" if none */
	const char *content_id;   /* without <>, NULL: none */
	enum ouv_mail_encoding encoding;
	bool multipart;        /* a container: no bytes of its own */
	bool typed;            /* a Content-Type was given and understood */
	size_t offset, length; /* encoded bytes in raw (of a container: all) */
	int depth;             /* 0: the message itself */
	int parent;            /* index into nodes, -1: the message itself */
};

/* What an element's name or border says of its lines (html_quote.c). */
enum mail_span_kind {
	MAIL_SPAN_NONE,
	MAIL_SPAN_QUOTE,  /* a container for quoted text */
	MAIL_SPAN_MARKED, /* the same; answers between its '>' lines are new */
	MAIL_SPAN_PREFIX, /* the line that announces a quotation */
	MAIL_SPAN_REST,   /* from here on all is quoted */
	MAIL_SPAN_HEAD,   /* here a repeated header may begin */
	MAIL_SPAN_SIGN    /* a container for the signature */
};

struct mail_span {
	enum mail_span_kind kind;
	size_t from, to; /* bytes of the text: lines that begin there */
};

struct mail_spans {
	const char *of; /* the text that they are about */
	size_t count;
	struct mail_span *list;
};

struct mail_message {
	struct ouv_str raw;
	struct mail_header header; /* of the top message */
	const char *charset; /* what raw 8-bit header bytes are, or NULL */
	size_t count;
	struct mail_leaf *nodes; /* in order; node 0 is the whole message */
	/* what HTML said of lines of mail->text and of mail->html_text */
	struct mail_spans text_spans, html_spans;
};

/* Where text can stand outside all parts; 0: nowhere. */
struct mail_edges {
	size_t preamble; /* its end */
	size_t epilogue; /* its start */
};

/* Parts that are not what they say become what they are (settle.c). */
void mail_settle(struct ouv_arena *arena, struct mail_message *message,
	const struct mail_edges *edges, struct ouv_mail *mail);

/*
 * Fills nodes and charset of a message whose raw bytes and header are there;
 * the body starts at lines->p.
 */
void mail_structure(struct ouv_arena *arena, struct mail_lines *lines,
	struct mail_message *message, struct ouv_mail *mail);

/* Header and structure of the bytes in message->raw (read.c). */
void mail_open(struct ouv_arena *arena, struct mail_message *message,
	struct ouv_mail *mail);
/* Is there a text that is a page, and no attachment (page.c)? */
bool mail_has_page(const struct mail_message *message);

/* Decoded bytes of a leaf; identity ones point into raw. */
struct ouv_str mail_leaf_bytes(struct ouv_arena *arena,
	const struct mail_message *message, const struct mail_leaf *leaf);
/*
 * The decoded bytes of a leaf as UTF-8, line ends LF.  A charset that lies is
 * said in mail's defects (kept in defects), unless mail is NULL.
 */
struct ouv_str mail_utf8_of(struct ouv_arena *arena,
	const struct mail_message *message, const struct mail_leaf *leaf,
	struct ouv_str bytes, struct ouv_mail *mail, struct ouv_arena *defects);
/* format=flowed (RFC 3676 4): joins lines, keeps quotes and signatures. */
void mail_unflow(struct ouv_str text, bool delete_space, struct ouv_buf *out);
/* The next whole uuencoded file from lines on; false: no more. */
bool mail_uu_find(struct mail_lines *lines, struct ouv_str *block_out,
	struct ouv_str *name_out);
/* Decoded text of a leaf in UTF-8, line ends LF. */
struct ouv_str mail_leaf_text(struct ouv_arena *arena,
	const struct mail_message *message, const struct mail_leaf *leaf);

/* ---- text.c, html.c: what is shown ------------------------------------------
 */

struct mail_rendering {
	struct mail_spans spans; /* in out; in the scratch arena */
	bool hidden;             /* text the sender hid was left out */
	bool too_deep; /* below MAIL_HTML_DEPTH only words and lines count */
	bool cut;      /* longer than MAIL_HTML_MAX: the rest is missing */
	bool remote;   /* it would fetch something from elsewhere */
};

/* Appends the text of html, which must be valid UTF-8, to out. */
struct mail_rendering mail_html_render(
	struct ouv_arena *scratch, struct ouv_str html, struct ouv_buf *out);

enum mail_role {
	MAIL_ROLE_FILE, /* an attachment */
	MAIL_ROLE_TEXT, /* in the text, or an alternative to it */
	MAIL_ROLE_BOTH, /* so long that it is kept as a file, too */
};

/* A file that was written into a text part (uuencode). */
struct mail_found {
	size_t offset, length; /* in raw */
	const char *filename;
	struct mail_found *next;
};

/*
 * Sets text, text_source and html_text of mail; roles holds one place for
 * each node of message.
 */
void mail_text(struct ouv_arena *arena, struct mail_message *message,
	struct ouv_mail *mail, enum mail_role *roles,
	struct mail_found **found_out);

/* ---- tnef.c: winmail.dat
 * ------------------------------------------------------ */

struct mail_tnef_file {
	const char *filename;     /* cleaned, NULL: none */
	const char *content_type; /* never NULL */
	const char *content_id;   /* NULL: none */
	struct ouv_str data; /* in the bytes given, or of a message inside */
};

struct mail_tnef {
	size_t count;
	struct mail_tnef_file *files;
	struct ouv_str text, html; /* body, UTF-8; p NULL: none */
	bool rtf;    /* there is a body, and nothing of it could be read */
	bool broken; /* ended early, or made no sense somewhere */
};

/* false: this is no TNEF at all. */
bool mail_tnef_open(struct ouv_arena *arena, struct ouv_str bytes,
	struct mail_tnef *tnef_out);
/* The winmail.dat at this place, whatever its transfer encoding was. */
struct ouv_str mail_tnef_bytes(struct ouv_arena *arena, struct ouv_str encoded);

/* ---- parts.c: attachments
 * ------------------------------------------------------- */

/* Lists, measures and hashes everything that roles calls a file. */
void mail_parts(struct ouv_arena *arena, const struct mail_message *message,
	const enum mail_role *roles, const struct mail_found *found,
	struct ouv_mail *mail);

/* ---- json.c, json_read.c
 * ---------------------------------------------------------- */

#define MAIL_SCHEMA "mailgw.parse/1"

extern const char *const mail_encoding_names[OUV_MAIL_ENCODING__COUNT];
extern const char *const mail_source_names[3];

/* ---- defects, hashing ------------------------------------------------------
 */

/* Appends once to mail->defects, at most MAIL_DEFECTS_MAX of them. */
void mail_defect(
	struct ouv_arena *arena, struct ouv_mail *mail, const char *defect);
/* The same for mail->marks. */
void mail_mark(
	struct ouv_arena *arena, struct ouv_mail *mail, const char *mark);
void mail_sha256(const void *data, size_t len, char hex_out[65]);

/* ---- the meaning half ------------------------------------------------------
 */

/*
 * Called last by ouv_mail_read: headers, text and parts of mail are filled,
 * subject to ids are decoded.  Fills reasons, kind, may_*, reply_text, lang,
 * has_dsn, dsn*, token(s), thread_ids, subject_tag, verp, auth_results and
 * delivered_to (all still zero).
 */
void mail_meaning(struct ouv_arena *arena, const struct mail_message *message,
	const struct ouv_mail_office *office, struct ouv_mail *mail);

#endif
