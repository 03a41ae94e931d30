/*
 * absence_note.c - "I am out of the office": who is told, in which words
 *
 * A letter that joins a case whose owner is away, or that comes while the
 * whole office is, gets one note for each sender and absence, and another one
 * only after a week.  A new case's acknowledgement says it itself.  What must
 * not be answered at all was decided when the mail was read (may_ooo).
 */
#include <string.h>

#include "batch.h"

static const struct ouv_id office_person;

/* ---- who is told --------------------------------------------------------- */

static bool
joins(const struct incoming *in)
{
	return in->action == OUV_ACTION_APPEND && in->mail.may_ooo &&
	       in->sender_fits;
}

/* Each of these cases: is its owner away? */
static enum ouv_err
find_owners(struct batch *b)
{
	struct ouv_id *cases =
		ouv_arena_array(b->arena, b->count, sizeof(*cases));
	struct ouv_id *owners =
		ouv_arena_array(b->arena, b->count, sizeof(*owners));
	size_t n = 0;

	for (size_t i = 0; i < b->count; i++)
		if (joins(&b->in[i]))
			cases[n++] = b->in[i].case_id;
	TRY(store_case_owners(b->tx, cases, n, owners));
	n = 0;
	for (size_t i = 0; i < b->count; i++) {
		struct incoming *in = &b->in[i];

		if (!joins(in) || ouv_id_is_zero(&owners[n++]))
			continue;
		TRY(absence_of(
			b->desk, b->tx, &owners[n - 1], b->now, &in->away));
	}
	return OUV_OK;
}

static bool
earlier_in_batch(const struct batch *b, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (b->in[k].away == b->in[i].away &&
			ouv_id_equal(
				&b->in[k].sender.now, &b->in[i].sender.now))
			return true;
	return false;
}

/* Whom nobody has told yet; in->note is set for letters that join a case. */
static enum ouv_err
claim(struct batch *b)
{
	struct store_note *notes =
		ouv_arena_array(b->arena, b->count, sizeof(*notes));
	size_t *of = ouv_arena_array(b->arena, b->count, sizeof(*of));
	size_t n = 0;

	for (size_t i = 0; i < b->count; i++) {
		if (b->in[i].away == NULL || earlier_in_batch(b, i))
			continue;
		of[n] = i;
		notes[n++] = (struct store_note){ .absence = b->in[i].away->id,
			.sender = b->in[i].sender.before };
	}
	TRY(store_notes_claim(b->tx, notes, n, b->now, b->now - NOTE_SECS));
	for (size_t i = 0; i < n; i++)
		b->in[of[i]].note = notes[i].granted && joins(&b->in[of[i]]);
	return OUV_OK;
}

enum ouv_err
note_find(struct batch *b)
{
	const struct store_absence *office;
	bool any;

	TRY(absence_any(b->desk, b->tx, b->now, &any));
	if (!any)
		return OUV_OK;
	TRY(absence_of(b->desk, b->tx, &office_person, b->now, &office));
	if (office == NULL) {
		TRY(find_owners(b));
		return claim(b);
	}
	for (size_t i = 0; i < b->count; i++) {
		struct incoming *in = &b->in[i];
		bool opens =
			in->action == OUV_ACTION_REGISTER && in->mail.may_ack;

		if (joins(in) || opens)
			in->away = office;
	}
	return claim(b);
}

/* ---- the words ----------------------------------------------------------- */

enum ouv_err
note_letter(struct ouv_desk *desk, struct store_tx *tx,
	const struct store_absence *absence, const char *substitute,
	const char *protocol, const struct consumer *to, int64_t now,
	struct letter_out *letter_out)
{
	json_t *data = json_object();
	enum ouv_err err = absence_data(desk, tx, absence, data);

	if (err != OUV_OK) {
		json_decref(data);
		return err;
	}
	json_object_set_new(data, "protocol", json_string(protocol));
	json_object_set_new(data, "name", json_string(to->name));
	json_object_set_new(data, "is_office",
		json_boolean(ouv_id_is_zero(&absence->person)));
	json_object_set_new(data, "substitute_name", json_string(substitute));
	json_object_set_new(data, "signed_as", json_string(absence->signed_as));
	*letter_out = (struct letter_out){ .template = "absence",
		.lang = to->lang,
		.data = data,
		.kind = "absence",
		.automatic = true,
		.answers = true,
		.now = now };
	return OUV_OK;
}

/* Theirs; else that of this letter; else English, then Portuguese. */
static void
choose_language(const struct incoming *in, const struct consumer *to,
	struct letter_out *letter)
{
	enum ouv_lang seen = ouv_lang_parse(in->mail.lang, OUV_LANG__COUNT);

	if (!to->lang_assumed)
		return;
	letter->lang = seen != OUV_LANG__COUNT ? seen : OUV_LANG_EN;
	letter->two = seen == OUV_LANG__COUNT;
	letter->second_lang = OUV_LANG_PT_BR;
}

/* ---- the party ----------------------------------------------------------- */

/* Is this capsule the sender's, at the address they wrote from? */
static enum ouv_err
fits(struct batch *b, const struct incoming *in,
	const struct store_capsule *capsule, struct consumer *to)
{
	if (!capsule->has_svc || !ouv_id_equal(&capsule->party, &in->party))
		return OUV_NOT_FOUND;
	TRY(svc_capsule(
		b->desk, b->tx, b->arena, capsule, capsule->box_svc, to));
	return strcmp(ouv_mail_addr_fold(b->arena, to->addr),
		       ouv_mail_addr_fold(
			       b->arena, in->mail.from.list[0].addr)) == 0
		       ? OUV_OK
		       : OUV_NOT_FOUND;
}

/* OUV_NOT_FOUND: no address of that party that the gateway may write to is
 * the one this letter came from. */
static enum ouv_err
find_party(struct batch *b, const struct incoming *in, struct consumer *to)
{
	struct store_capsule *capsules;
	enum ouv_err err;
	size_t count;
	int version;

	TRY(store_capsules(b->tx, b->arena, &in->case_id, &capsules, &count));
	for (size_t i = 0; i < count; i++) {
		err = fits(b, in, &capsules[i], to);
		if (err == OUV_TEMPORARY)
			return err;
		if (err != OUV_OK)
			continue;
		TRY(store_party_code(b->tx, &in->party, &version));
		return reply_code(b->desk, b->tx, &in->case_id, &in->party,
			version, false, to->code);
	}
	return OUV_NOT_FOUND;
}

enum ouv_err
note_send(struct batch *b, struct incoming *in, struct casefile *file)
{
	struct letter_out letter;
	struct consumer to;
	const char *substitute;
	char hex[OUV_ID_HEX];
	enum ouv_err err;
	bool queued;

	if (!in->note || file->protocol == NULL)
		return OUV_OK;
	err = find_party(b, in, &to);
	if (err != OUV_OK)
		return err == OUV_NOT_FOUND ? OUV_OK : err;
	TRY(absence_stand_in(
		b->desk, b->tx, in->away, &file->id, b->now, &substitute));
	TRY(note_letter(b->desk, b->tx, in->away, substitute, file->protocol,
		&to, b->now, &letter));
	choose_language(in, &to, &letter);
	ouv_id_hex(&in->filing->id, hex);
	letter.dedupe_key = ouv_arena_printf(b->arena, "note:%s", hex);
	ack_thread(&in->mail, &letter);
	letter.lane = in->company ? OUV_LANE_COMPANY : OUV_LANE_CONSUMER;
	err = ack_send(b->desk, b->tx, b->arena, file, &to, &letter,
		&in->filing->id, "absence-note", &queued);
	json_decref(letter.data);
	if (err != OUV_OK || !queued)
		return err;
	b->letters = true;
	return batch_count_item(b, file);
}
