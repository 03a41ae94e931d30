/*
 * dossier_log.c - the log of a case for somebody who checks it elsewhere
 *
 * Each entry with all that its hash was made of, so that the chain can be
 * walked without a key (docs/casefile.md has the format); beside it who it was
 * in words and, opened, what was sealed to the case.
 */
#include <stdlib.h>
#include <string.h>

#include "details.h"
#include "dossier.h"
#include "ouv/store_keys.h"

#define PAGE 200

struct log_place {
	int64_t next; /* entry */
};

static json_t *
hex_of(const uint8_t *bytes, size_t len)
{
	char text[65];

	ouv_hex(bytes, len, text);
	return json_string(text);
}

static json_t *
id_of(const struct ouv_id *id)
{
	char text[OUV_ID_HEX];

	ouv_id_hex(id, text);
	return json_string(text);
}

/* What was sealed, as it stands in the chain. */
static json_t *
sealed_of(struct ouv_arena *arena, struct ouv_str details)
{
	char *text = ouv_arena_raw(arena, 2 * details.len + 1);

	ouv_hex(details.p, details.len, text);
	text[2 * details.len] = '\0';
	return json_string(text);
}

static json_t *
one_line(struct ouv_arena *arena, const struct ouv_copy *copy,
	const struct ouv_desk *desk, const struct store_history *h,
	struct secrets *secrets)
{
	const struct store_audit *e = &h->event;
	struct masked ignored = { 0 };
	const char *says = "";
	json_t *line = json_pack("{s:I, s:I, s:o, s:o, s:I, s:o, s:s, s:o, s:o,"
				 " s:o, s:o}",
		"seq", (json_int_t)e->seq, "at_us", (json_int_t)e->at_us,
		"chain", id_of(&e->chain), "signer", id_of(&e->signer),
		"signer_seq", (json_int_t)e->signer_seq, "actor",
		id_of(&e->actor), "action", e->action, "object",
		id_of(&e->object), "details", sealed_of(arena, e->details),
		"prev", hex_of(e->prev, sizeof(e->prev)), "hash",
		hex_of(e->hash, sizeof(e->hash)));

	if (e->details.len > 0 &&
		details_open(secrets, arena, e, &says) != OUV_OK)
		(void)json_object_set_new(line, "locked", json_true());
	(void)json_object_set_new(line, "who", json_string(h->actor));
	(void)json_object_set_new(line, "program", json_string(h->program));
	(void)json_object_set_new(line, "message", json_integer(h->item));
	(void)json_object_set_new(line, "says",
		json_string(mask_words(
			copy->dossier->mask, desk, arena, says, &ignored)));
	return line;
}

static void
put(struct ouv_buf *out, json_t *line, bool first)
{
	char *dump = json_dumps(line, JSON_COMPACT);

	ouv_buf_text(out, first ? "\n" : ",\n");
	ouv_buf_text(out, dump);
	free(dump);
	json_decref(line);
}

/* Rows come newest first and stand oldest first: their secrets are gone back
 * from in the order they come. */
static enum ouv_err
put_page(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	struct ouv_arena *arena, struct log_place *at, struct ouv_buf *out)
{
	const struct dossier *d = copy->dossier;
	struct secrets secrets = { .desk = desk,
		.tx = tx,
		.case_id = &copy->case_id,
		.version = d->version };
	struct store_history *rows;
	int64_t end = at->next + PAGE;
	size_t count;
	json_t **lines;

	if (end > d->log_until + 1)
		end = d->log_until + 1;
	memcpy(secrets.csk, d->csk, sizeof(secrets.csk));
	TRY(store_history_case(tx, arena, &copy->case_id, end,
		(int)(end - at->next), &rows, &count));
	lines = ouv_arena_array(arena, count, sizeof(json_t *));
	for (size_t i = 0; i < count; i++)
		lines[i] = one_line(arena, copy, desk, &rows[i], &secrets);
	ouv_wipe(secrets.csk, sizeof(secrets.csk));
	for (size_t i = count; i-- > 0;)
		put(out, lines[i], rows[i].event.seq == 1);
	at->next = end;
	return OUV_OK;
}

enum ouv_err
dossier_log(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	struct copy_file *f, struct raw_reading *out)
{
	struct ouv_arena *own OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct log_place *at = f->state;
	char chain[OUV_ID_HEX];

	if (at == NULL) {
		at = f->state = ouv_arena_alloc(copy_room(copy), sizeof(*at));
		at->next = 1;
		ouv_id_hex(&copy->case_id, chain);
		ouv_buf_printf(&out->out,
			"{\"format\":\"ouvidoria-log-1\",\"chain\":\"%s\","
			"\"until\":%lld,\"entries\":[",
			chain, (long long)copy->dossier->log_until);
	}
	TRY(put_page(desk, tx, copy, own, at, &out->out));
	if (at->next > copy->dossier->log_until) {
		ouv_buf_text(&out->out, "\n]}\n");
		out->end = true;
	}
	return OUV_OK;
}
