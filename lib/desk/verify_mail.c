/*
 * verify_mail.c - checkpoints as they were mailed, against what the database
 * says now
 *
 * A mail is read line by line: what the gateway writes needs no decoding, and
 * whatever a mail program puts around it is passed over.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ouv/log.h"
#include "verify.h"

#define LINE_MOST 1024
#define MARK "OUV-CHECKPOINT-1"

/* One checkpoint as it is read; which of its lines were there. */
struct kept {
	struct ouv_checkpoint c;
	uint8_t sig[OUV_SIG];
	int sig_lines;
	unsigned seen;
};

static bool
read_id(struct kept *k, const char *text)
{
	char hex[OUV_ID_HEX];

	(void)snprintf(hex, sizeof(hex), "%.32s", text);
	return ouv_id_parse(hex, &k->c.signer) == OUV_OK;
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
read_at(struct kept *k, const char *text)
{
	const char *space = strchr(text, ' ');

	return space != NULL && read_number(space + 1, &k->c.at_us);
}

static bool
read_entries(struct kept *k, const char *text)
{
	const char *space = strchr(text, ' ');

	return space != NULL && read_number(text, &k->c.signer_seq) &&
	       read_number(space + 1, &k->c.events);
}

static bool
read_hash(const char *text, uint8_t out[32])
{
	char hex[65];

	(void)snprintf(hex, sizeof(hex), "%.64s", text);
	return ouv_unhex(hex, out, 32) == OUV_OK;
}

static bool
read_root(struct kept *k, const char *text)
{
	return read_hash(text, k->c.root);
}

static bool
read_prev(struct kept *k, const char *text)
{
	return read_hash(text, k->c.prev);
}

static bool
read_sig(struct kept *k, const char *text)
{
	return k->sig_lines < 2 &&
	       read_hash(text, k->sig + (ptrdiff_t)32 * k->sig_lines++);
}

static const struct {
	const char *name;
	bool (*read)(struct kept *k, const char *text);
} lines[] = {
	{ "signer: ", read_id },
	{ "at: ", read_at },
	{ "entries: ", read_entries },
	{ "root: ", read_root },
	{ "prev: ", read_prev },
	{ "sig: ", read_sig },
};
#define LINES (sizeof(lines) / sizeof(lines[0]))

static enum ouv_err
wrong(struct verify *v, const struct kept *k, const char *what)
{
	return verify_broken(v, "mail", &k->c.signer, (int64_t)k->c.n, what);
}

struct compared {
	struct verify *v;
	struct kept *k;
	bool found;
};

static enum ouv_err
compare(const struct store_checkpoint *row, void *user)
{
	struct compared *d = user;
	struct ouv_checkpoint c;
	uint8_t here[32], there[32];

	if (row->n != (int64_t)d->k->c.n)
		return OUV_CONFLICT; /* ends the walk: it is not there */
	verify_checkpoint_of(d->v, row, &c);
	ouv_checkpoint_hash(&c, here);
	ouv_checkpoint_hash(&d->k->c, there);
	d->found = true;
	if (memcmp(here, there, sizeof(here)) == 0)
		return OUV_CONFLICT; /* all is well: no other is needed */
	return wrong(d->v, d->k,
		"the database has another checkpoint than the one that was "
		"mailed");
}

/* Signed first, so that a mail somebody made accuses nobody. */
static enum ouv_err
settle(struct verify *v, struct kept *k)
{
	struct compared d = { .v = v, .k = k };
	struct store_signer signer;
	uint8_t public[OUV_KEY];
	enum ouv_err err;

	if (k->seen != (1U << LINES) - 1 || k->sig_lines != 2)
		return wrong(v, k, "a line of the kept mail is missing");
	k->c.tenant = v->tenant;
	err = store_signer_one(v->store, v->arena, &k->c.signer, &signer);
	if (err == OUV_NOT_FOUND)
		return wrong(v, k,
			"the database does not know the run of a program that "
			"was mailed");
	TRY(err);
	TRY(verify_signer_key(v, &signer, public));
	if (ouv_checkpoint_check(&k->c, public, k->sig, sizeof(k->sig)) !=
		OUV_OK)
		return wrong(v, k, "the kept mail was altered");
	err = store_checkpoint_walk(
		v->store, &k->c.signer, (int64_t)k->c.n - 1, compare, &d);
	if (err != OUV_OK && err != OUV_CONFLICT)
		return err;
	if (!d.found)
		return wrong(
			v, k, "it was mailed and is missing: the log was cut");
	v->found->mails++;
	return OUV_OK;
}

static const char *
bare(char *line)
{
	line[strcspn(line, "\r\n")] = '\0';
	return line + strspn(line, "> \t"); /* handed on, or quoted */
}

static bool
take_line(struct kept *k, const char *text)
{
	for (size_t i = 0; i < LINES; i++) {
		size_t len = strlen(lines[i].name);

		if (strncmp(text, lines[i].name, len) != 0)
			continue;
		if (!lines[i].read(k, text + len))
			return false;
		k->seen |= 1U << i;
		return true;
	}
	return true;
}

static enum ouv_err
read_all(struct verify *v, FILE *file, const char *path)
{
	char line[LINE_MOST];
	struct kept k = { .sig_lines = 0 };
	int64_t before = v->found->mails;

	while (fgets(line, sizeof(line), file) != NULL) {
		const char *text = bare(line);

		if (strncmp(text, MARK " ", sizeof(MARK)) == 0) {
			if (k.c.n != 0)
				TRY(settle(v, &k));
			k = (struct kept){ .sig_lines = 0 };
			(void)read_number(text + sizeof(MARK), &k.c.n);
		} else if (k.c.n != 0 && !take_line(&k, text)) {
			return wrong(v, &k, "the kept mail was altered");
		}
	}
	if (k.c.n != 0)
		TRY(settle(v, &k));
	if (v->found->mails > before)
		return OUV_OK;
	ouv_log_error("%s holds no checkpoint", path);
	return OUV_INVALID;
}

enum ouv_err
verify_mail(struct verify *v, const char *path)
{
	FILE *file = fopen(path, "re");
	enum ouv_err err;

	if (file == NULL) {
		ouv_log_error("%s: %s", path, strerror(errno));
		return OUV_NOT_FOUND;
	}
	err = read_all(v, file, path);
	(void)fclose(file);
	return err;
}
