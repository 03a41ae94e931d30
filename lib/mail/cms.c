/*
 * cms.c - what kind of PKCS #7 envelope it is, and the text inside a signed one
 *
 * A bounded walk over BER (X.690 8.1) along the one path that RFC 5652 5.1
 * gives; nothing is verified and nothing is opened that is sealed.
 */
#include <string.h>

#include "marks.h"

#define SEQUENCE 0x30
#define OCTETS 0x04
#define OCTETS_IN_PIECES 0x24
#define OID 0x06
#define CONTEXT_0 0xa0
#define PIECES_DEPTH 4

struct ber {
	const unsigned char *p, *end;
};

struct element {
	unsigned tag;
	bool open_ended;   /* up to two zero bytes */
	struct ber inside; /* of an open-ended one: all that is left */
};

static bool
take_length(struct ber *b, size_t *len_out, bool *open_ended_out)
{
	unsigned first = b->p < b->end ? *b->p++ : 0xffu;
	size_t len = 0;

	*open_ended_out = first == 0x80;
	if (first <= 0x80) {
		*len_out = first & 0x7f;
		return true;
	}
	first &= 0x7f;
	if (first > 4 || first > (size_t)(b->end - b->p))
		return false;
	while (first-- > 0)
		len = len << 8 | *b->p++;
	*len_out = len;
	return true;
}

/* The next element; b moves behind it, or into it if it is open-ended. */
static bool
take(struct ber *b, struct element *out)
{
	size_t len = 0;

	if (b->p >= b->end || (*b->p & 0x1f) == 0x1f)
		return false;
	out->tag = *b->p++;
	if (!take_length(b, &len, &out->open_ended))
		return false;
	if (out->open_ended)
		len = (size_t)(b->end - b->p);
	if (len > (size_t)(b->end - b->p)) /* cut: what there is */
		len = (size_t)(b->end - b->p);
	out->inside = (struct ber){ b->p, b->p + len };
	if (!out->open_ended)
		b->p += len;
	return true;
}

/* Passes over one element, whatever is in it. */
static bool
skip(struct ber *b)
{
	struct element element;
	size_t open = 0;

	do {
		if (!take(b, &element))
			return false;
		if (element.open_ended)
			open++;
		else if (element.tag == 0 && open > 0)
			open--;
	} while (open > 0);
	return true;
}

/* Goes into the next element, which must have this tag. */
static bool
enter(struct ber *b, unsigned tag)
{
	struct element element;

	if (!take(b, &element) || element.tag != tag)
		return false;
	*b = element.inside;
	return true;
}

/* Octets, in one piece or in several, to out. */
static bool
add_octets(struct ber *b, int depth, struct ouv_buf *out)
{
	struct element element;

	if (!take(b, &element))
		return false;
	if (element.tag == OCTETS && !element.open_ended) {
		ouv_buf_add(out, element.inside.p,
			(size_t)(element.inside.end - element.inside.p));
		return true;
	}
	if (element.tag != OCTETS_IN_PIECES || depth == PIECES_DEPTH)
		return false;
	while (add_octets(&element.inside, depth + 1, out))
		;
	if (element.open_ended)
		b->p = element.inside.p;
	return true;
}

static const unsigned char rsadsi[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
	0x01 };

/* clang-format off */
static const struct {
	unsigned char rest[4];
	size_t len;
	enum mail_cms kind;
} kinds[] = {
	{ { 7, 2 },         2, MAIL_CMS_SIGNED },
	{ { 7, 3 },         2, MAIL_CMS_SEALED }, /* enveloped */
	{ { 7, 4 },         2, MAIL_CMS_SEALED }, /* signed and enveloped */
	{ { 7, 6 },         2, MAIL_CMS_SEALED }, /* encrypted */
	{ { 9, 16, 1, 23 }, 4, MAIL_CMS_SEALED }, /* authenticated */
};
/* clang-format on */

static enum mail_cms
kind_of(const struct ber *oid)
{
	size_t len = (size_t)(oid->end - oid->p);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (len == sizeof(rsadsi) + kinds[i].len &&
			memcmp(oid->p, rsadsi, sizeof(rsadsi)) == 0 &&
			memcmp(oid->p + sizeof(rsadsi), kinds[i].rest,
				kinds[i].len) == 0)
			return kinds[i].kind;
	return MAIL_CMS_OTHER;
}

enum mail_cms
mail_cms_open(struct ouv_arena *arena, struct ouv_str bytes,
	struct ouv_str *content_out)
{
	struct ber b = { (const unsigned char *)bytes.p,
		(const unsigned char *)bytes.p + bytes.len };
	struct element oid;
	struct ouv_buf out;
	enum mail_cms kind;

	*content_out = (struct ouv_str){ NULL, 0 };
	if (!enter(&b, SEQUENCE) || !take(&b, &oid) || oid.tag != OID)
		return MAIL_CMS_NONE;
	kind = kind_of(&oid.inside);
	/* content, version, digests, what is signed: its type, its bytes */
	if (kind != MAIL_CMS_SIGNED || !enter(&b, CONTEXT_0) ||
		!enter(&b, SEQUENCE) || !skip(&b) || !skip(&b) ||
		!enter(&b, SEQUENCE) || !skip(&b) || !enter(&b, CONTEXT_0))
		return kind;
	ouv_buf_init(&out, arena, (size_t)(b.end - b.p));
	if (add_octets(&b, 0, &out) && out.len > 0)
		*content_out = (struct ouv_str){ out.data, out.len };
	return kind;
}
