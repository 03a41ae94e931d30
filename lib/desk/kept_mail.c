/*
 * kept_mail.c - checkpoints as they stand in mails that were kept
 *
 * Read line by line: what the gateway writes needs no decoding.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "desk_impl.h"
#include "kept_mail.h"

#define LINE_MOST 1024
#define MARK "OUV-CHECKPOINT-1"

struct reading {
	struct kept kept;
	int sig_lines;
	unsigned seen; /* which of the lines */
	bool bad;
};

static bool
read_id(struct reading *r, const char *text)
{
	char hex[OUV_ID_HEX];

	(void)snprintf(hex, sizeof(hex), "%.32s", text);
	return ouv_id_parse(hex, &r->kept.c.signer) == OUV_OK;
}

static bool
read_number(const char *text, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 10);
	return errno == 0 && end != text && *text != '-';
}

/* "2026-11-22T10:00:00Z 1795000000000000": the second one counts. */
static bool
read_at(struct reading *r, const char *text)
{
	const char *space = strchr(text, ' ');

	return space != NULL && read_number(space + 1, &r->kept.c.at_us);
}

static bool
read_entries(struct reading *r, const char *text)
{
	const char *space = strchr(text, ' ');

	return space != NULL && read_number(text, &r->kept.c.signer_seq) &&
	       read_number(space + 1, &r->kept.c.events);
}

static bool
read_hash(const char *text, uint8_t out[32])
{
	char hex[65];

	(void)snprintf(hex, sizeof(hex), "%.64s", text);
	return ouv_unhex(hex, out, 32) == OUV_OK;
}

static bool
read_root(struct reading *r, const char *text)
{
	return read_hash(text, r->kept.c.root);
}

static bool
read_prev(struct reading *r, const char *text)
{
	return read_hash(text, r->kept.c.prev);
}

static bool
read_sig(struct reading *r, const char *text)
{
	return r->sig_lines < 2 &&
	       read_hash(text, r->kept.sig + (ptrdiff_t)32 * r->sig_lines++);
}

static const struct {
	const char *name;
	bool (*read)(struct reading *r, const char *text);
} lines[] = {
	{ "signer: ", read_id },
	{ "at: ", read_at },
	{ "entries: ", read_entries },
	{ "root: ", read_root },
	{ "prev: ", read_prev },
	{ "sig: ", read_sig },
};
#define LINES (sizeof(lines) / sizeof(lines[0]))

static const char *
bare(char *line)
{
	line[strcspn(line, "\r\n")] = '\0';
	return line + strspn(line, "> \t"); /* handed on, or quoted */
}

static void
take_line(struct reading *r, const char *text)
{
	for (size_t i = 0; i < LINES; i++) {
		size_t len = strlen(lines[i].name);

		if (strncmp(text, lines[i].name, len) != 0)
			continue;
		r->bad = r->bad || !lines[i].read(r, text + len);
		r->seen |= 1U << i;
	}
}

static enum ouv_err
tell_it(struct reading *r, kept_fn *tell, void *user)
{
	if (r->kept.c.n == 0)
		return OUV_OK;
	r->kept.whole =
		!r->bad && r->seen == (1U << LINES) - 1 && r->sig_lines == 2;
	return tell(&r->kept, user);
}

enum ouv_err
kept_mail_read(FILE *file, kept_fn *tell, void *user)
{
	char line[LINE_MOST];
	struct reading r = { .bad = false };

	while (fgets(line, sizeof(line), file) != NULL) {
		const char *text = bare(line);

		if (strncmp(text, MARK " ", sizeof(MARK)) != 0) {
			take_line(&r, text);
			continue;
		}
		TRY(tell_it(&r, tell, user));
		r = (struct reading){ .bad = false };
		(void)read_number(text + sizeof(MARK), &r.kept.c.n);
	}
	return tell_it(&r, tell, user);
}
