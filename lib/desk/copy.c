/*
 * copy.c - what of a case belongs to the person it is about
 *
 * What they wrote, what the office wrote to them and what was released to them
 * and not taken back: that list is all a copy is made from, so what is
 * another's has no way into it.
 */
#include <string.h>

#include "copy.h"
#include "ouv/clock.h"
#include "release.h"
#include "write.h"

#define NAME_MOST 60 /* of a file of theirs, in the copy */

struct copying {
	struct verb_call *call;
	struct ouv_copy *copy;
	struct ouv_id party;
	struct consumer who; /* name, addr "" where they are not known */
	int messages, given; /* so far */
	json_t *list, *given_list;
};

/* ---- files of it -----------------------------------------------------------
 */

struct copy_file *
copy_add(struct ouv_copy *copy, enum copy_kind kind, const char *name)
{
	struct copy_file *file;

	if (copy->count == copy->room) {
		struct copy_file *more = ouv_arena_array(
			copy->arena, 2 * copy->room + 16, sizeof(*more));

		if (copy->count > 0)
			memcpy(more, copy->files, copy->count * sizeof(*more));
		copy->files = more;
		copy->room = 2 * copy->room + 16;
	}
	file = &copy->files[copy->count++];
	*file = (struct copy_file){
		.kind = kind, .name = name, .at = copy->made_at, .part = -1
	};
	return file;
}

void
copy_add_sealed(struct ouv_copy *copy, enum copy_kind kind, const char *name,
	const struct store_item *item, const uint8_t dek[OUV_KEY], int part)
{
	struct copy_file *file = copy_add(copy, kind, name);

	file->item = item->id;
	file->at = item->at;
	file->part = part;
	memcpy(file->dek, dek, OUV_KEY);
}

/* Plain ASCII without a path: the real name is in the index. */
const char *
copy_plain_name(struct ouv_arena *arena, const char *name)
{
	char *plain = ouv_arena_strndup(arena, name, NAME_MOST);
	const char *dot = strrchr(name, '.');
	size_t len = strlen(plain);

	if (strlen(name) > NAME_MOST && dot != NULL && strlen(dot) < 8)
		(void)memcpy(plain + len - strlen(dot), dot, strlen(dot) + 1);
	for (char *p = plain; *p != '\0'; p++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "abcdefghijklmnopqrstuvwxyz0123456789._-",
			    *p) == NULL ||
			(*p == '.' && p == plain))
			*p = '_';
	return len > 0 ? plain : "file";
}

static const char *
original(const struct ouv_mail *mail, int part)
{
	const char *name = mail->parts[part].filename;

	return name != NULL ? name : "";
}

static json_t *
line_of(const struct copying *c, const char *number,
	const struct store_item *item, const struct ouv_mail *mail)
{
	json_t *line = json_pack("{s:s, s:s, s:b, s:b, s:b, s:[]}", "number",
		number, "subject", mail->subject != NULL ? mail->subject : "",
		"is_yours",
		item->kind == OUV_ITEM_MAIL_IN ||
			item->kind == OUV_ITEM_AUTO_IN,
		"is_lost", 0, "has_subject",
		mail->subject != NULL && *mail->subject != '\0', "files");

	copy_when(line, "at", c->copy->lang, OUV_TEXT_MOMENT, item->at);
	return line;
}

/* One attachment, in the copy and in the index's line. */
static void
add_part(struct copying *c, const char *folder, const char *number,
	const struct store_item *item, const uint8_t dek[OUV_KEY],
	const struct ouv_mail *mail, int part, json_t *line)
{
	const char *name = original(mail, part);
	const char *file = ouv_arena_printf(c->copy->arena, "%s-%d-%s", number,
		part + 1, copy_plain_name(c->copy->arena, name));

	copy_add_sealed(c->copy, COPY_PART,
		ouv_arena_printf(c->copy->arena, "%s/%s", folder, file), item,
		dek, part);
	(void)json_array_append_new(json_object_get(line, "files"),
		json_pack("{s:s, s:s, s:b, s:I}", "file", file, "name", name,
			"has_name", *name != '\0', "bytes",
			(json_int_t)mail->parts[part].size));
}

/* ---- messages: theirs, and ours to them ------------------------------------
 */

static bool
is_theirs(const struct copying *c, const struct store_item *item)
{
	return item->kind != OUV_ITEM_NOTE &&
	       ouv_id_equal(&item->party, &c->party);
}

/* It does not open: its place stays, so that it is missed. */
static void
add_lost(struct copying *c, const char *number, const struct store_item *item)
{
	static const struct ouv_mail nothing;
	json_t *line = line_of(c, number, item, &nothing);

	(void)json_object_set_new(line, "is_lost", json_true());
	(void)json_array_append_new(c->list, line);
	c->copy->lost++;
}

static void
add_open(struct copying *c, const char *number, const struct store_item *item,
	const uint8_t dek[OUV_KEY], const struct ouv_mail *mail)
{
	struct ouv_arena *arena = c->copy->arena;
	json_t *line = line_of(c, number, item, mail);

	copy_add_sealed(c->copy, COPY_WORDS,
		ouv_arena_printf(arena, "messages/%s.txt", number), item, dek,
		-1);
	copy_add_sealed(c->copy, COPY_RAW,
		ouv_arena_printf(arena, "messages/%s.eml", number), item, dek,
		-1);
	for (size_t i = 0; i < mail->part_count; i++)
		add_part(c, "attachments", number, item, dek, mail, (int)i,
			line);
	(void)json_array_append_new(c->list, line);
}

static enum ouv_err
add_message(struct copying *c, const struct store_item *item)
{
	struct ouv_arena *own OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	const char *number =
		ouv_arena_printf(c->copy->arena, "%03d", ++c->messages);
	uint8_t dek[OUV_KEY] = { 0 };
	struct ouv_mail mail;
	struct ouv_str doc;
	enum ouv_err err;

	err = open_body(c->call->desk, own, c->call->opened, item, dek, &doc);
	if (err == OUV_OK)
		err = ouv_mail_unpack(own, doc, &mail);
	if (err == OUV_OK)
		add_open(c, number, item, dek, &mail);
	else if (err != OUV_TEMPORARY)
		add_lost(c, number, item);
	ouv_wipe(dek, sizeof(dek));
	return err == OUV_TEMPORARY ? err : OUV_OK;
}

static const struct store_item *
find_item(const struct store_item_row *rows, size_t count,
	const struct ouv_id *id)
{
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&rows[i].item.id, id))
			return &rows[i].item;
	return NULL;
}

/* ---- what was released to them ---------------------------------------------
 */

static enum ouv_err
add_piece(struct copying *c, const struct store_item *item, int part)
{
	struct ouv_arena *own OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	const char *number =
		ouv_arena_printf(c->copy->arena, "%03d", ++c->given);
	uint8_t dek[OUV_KEY] = { 0 };
	struct ouv_mail mail = { .subject = "" };
	struct ouv_str doc;
	json_t *line;
	enum ouv_err err;

	err = open_body(c->call->desk, own, c->call->opened, item, dek, &doc);
	if (err == OUV_OK)
		err = ouv_mail_unpack(own, doc, &mail);
	if (err == OUV_OK && part >= (int)mail.part_count)
		err = OUV_INVALID;
	if (err == OUV_TEMPORARY) {
		ouv_wipe(dek, sizeof(dek));
		return err;
	}
	/* Of an attachment alone the message's subject was not released. */
	if (part >= 0 || err != OUV_OK)
		mail.subject = "";
	mail.subject =
		release_mask(c->call->desk, c->copy->arena, mail.subject);
	line = line_of(c, number, item, &mail);
	if (err != OUV_OK) {
		(void)json_object_set_new(line, "is_lost", json_true());
		c->copy->lost++;
	} else if (part >= 0) {
		add_part(c, "given", number, item, dek, &mail, part, line);
	} else {
		copy_add_sealed(c->copy, COPY_RELEASED,
			ouv_arena_printf(
				c->copy->arena, "given/%s.txt", number),
			item, dek, -1);
	}
	(void)json_object_set_new(
		line, "is_words", json_boolean(part < 0 && err == OUV_OK));
	(void)json_array_append_new(c->given_list, line);
	ouv_wipe(dek, sizeof(dek));
	return OUV_OK;
}

static bool
was_given(const struct store_disclosure *list, size_t count,
	const struct store_disclosure_piece *piece, const struct ouv_id *party)
{
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&list[i].id, &piece->disclosure))
			return list[i].revoked_at == 0 &&
			       ouv_id_equal(&list[i].party, party);
	return false;
}

static bool
is_again(const struct store_disclosure_piece *list, size_t i,
	const struct store_disclosure *all, size_t count,
	const struct ouv_id *party)
{
	for (size_t k = 0; k < i; k++)
		if (list[k].part == list[i].part &&
			ouv_id_equal(&list[k].item, &list[i].item) &&
			was_given(all, count, &list[k], party))
			return true;
	return false;
}

/* Each piece once, however often it was released. */
static enum ouv_err
add_released(struct copying *c, const struct store_item_row *rows, size_t n,
	const struct store_disclosure *all, size_t all_count)
{
	struct verb_call *call = c->call;
	struct store_disclosure_piece *list;
	size_t count;

	TRY(store_disclosure_pieces(
		call->tx, call->arena, &c->copy->case_id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		const struct store_item *item =
			find_item(rows, n, &list[i].item);

		if (item == NULL || is_theirs(c, item) || !release_may(item) ||
			!was_given(all, all_count, &list[i], &c->party) ||
			is_again(list, i, all, all_count, &c->party))
			continue;
		TRY(add_piece(c, item, list[i].part));
	}
	return OUV_OK;
}

/* ---- what is known of them, and who could read it --------------------------
 */

static enum ouv_err
find_person(struct copying *c)
{
	struct verb_call *call = c->call;
	const struct consumer *who = call->move->party[CONSUMER];
	enum ouv_err err;
	int version;

	err = store_party_side(
		call->tx, &call->file->id, "consumer", &c->party, &version);
	if (err == OUV_NOT_FOUND) {
		verb_error(call, "purpose", "no-such-party");
		return OUV_INVALID;
	}
	TRY(err);
	c->who = (struct consumer){
		.name = "", .addr = "", .lang = call->file->lang
	};
	if (who != NULL) {
		c->who = *who;
	} else { /* by post alone: their name is known all the same */
		err = party_find(call->desk, call->tx, call->arena,
			call->opened, "consumer", &c->who);
		if (err == OUV_TEMPORARY)
			return err;
	}
	c->copy->lang = c->who.lang;
	return OUV_OK;
}

/* How many people of each role hold the key; nobody's name. */
static enum ouv_err
add_access(struct copying *c, json_t *data)
{
	struct verb_call *call = c->call;
	int held[OUV_ROLE__COUNT] = { 0 };
	struct store_reader *list;
	json_t *rows = json_array();
	size_t count;

	TRY(store_readers(call->tx, call->arena, &c->copy->case_id,
		&call->actor->person, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (!list[i].due)
			held[list[i].role]++;
	for (int r = 0; r < OUV_ROLE__COUNT; r++) {
		json_t *row;

		if (held[r] == 0)
			continue;
		row = json_pack("{s:i, s:b, s:b, s:b, s:b, s:b, s:b, s:b}",
			"people", held[r], "is_ombudsman",
			r == OUV_ROLE_OMBUDSMAN, "is_reader",
			r == OUV_ROLE_READER, "is_mediator",
			r == OUV_ROLE_MEDIATOR, "is_intake",
			r == OUV_ROLE_INTAKE, "is_custodian",
			r == OUV_ROLE_CUSTODIAN, "is_registrar",
			r == OUV_ROLE_REGISTRAR, "is_admin",
			r == OUV_ROLE_ADMIN);
		(void)json_array_append_new(rows, row);
	}
	(void)json_object_set_new(data, "access", rows);
	return OUV_OK;
}

/* The company as a recipient: whether it knows of the case, and how often
 * something of it was released to it. */
static void
add_recipients(struct copying *c, const struct store_disclosure *all,
	size_t count, json_t *data)
{
	const struct store_mediation *m = &c->call->move->m;
	const char *name = m->company_name != NULL ? m->company_name : "";
	int given = 0;

	for (size_t i = 0; i < count; i++)
		if (all[i].revoked_at == 0 &&
			strcmp(all[i].side, "company") == 0)
			given++;
	(void)json_object_set_new(
		data, "company_told", json_boolean(m->told && *name != '\0'));
	(void)json_object_set_new(data, "company_name", json_string(name));
	(void)json_object_set_new(
		data, "company_given", json_integer(m->told ? given : 0));
}

static enum ouv_err
add_kept(struct copying *c, json_t *data)
{
	struct verb_call *call = c->call;
	const struct store_mediation *m = &call->move->m;
	struct store_clock *list;
	size_t count;
	int64_t until = 0, would = 0;

	TRY(store_clocks(call->tx, call->arena, &m->case_id, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (list[i].kind == OUV_CLOCK_RETENTION &&
			list[i].state == STORE_CLOCK_RUNNING)
			until = list[i].due_at;
	if (until == 0) {
		enum ouv_err err = clock_would(call->desk, call->tx,
			call->arena, m, OUV_CLOCK_RETENTION, call->now, &would);

		if (err != OUV_OK && err != OUV_NOT_FOUND)
			return err;
	}
	copy_when(data, "kept_until", c->copy->lang, OUV_TEXT_MOMENT, until);
	copy_when(data, "kept_if_ended_now", c->copy->lang, OUV_TEXT_MOMENT,
		would);
	(void)json_object_set_new(data, "is_held", json_boolean(m->legal_hold));
	return OUV_OK;
}

static void
add_known(const struct copying *c, json_t *data)
{
	const struct store_mediation *m = &c->call->move->m;

	(void)json_object_set_new(
		data, "protocol", json_string(c->copy->protocol));
	(void)json_object_set_new(data, "name",
		json_string(c->who.name != NULL ? c->who.name : ""));
	(void)json_object_set_new(data, "addr",
		json_string(c->who.addr != NULL ? c->who.addr : ""));
	(void)json_object_set_new(
		data, "is_closed", json_boolean(m->closed_at != 0));
	copy_when(
		data, "made", c->copy->lang, OUV_TEXT_MOMENT, c->copy->made_at);
	copy_when(data, "opened", c->copy->lang, OUV_TEXT_MOMENT, m->opened_at);
	copy_when(data, "closed", c->copy->lang, OUV_TEXT_MOMENT, m->closed_at);
	letter_office(c->call->desk->office->config, data);
}

/* ---- all of it -------------------------------------------------------------
 */

static enum ouv_err
gather(struct copying *c, json_t *data)
{
	struct verb_call *call = c->call;
	struct ouv_arena *own OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct store_item_row *rows;
	struct store_disclosure *all;
	size_t count, all_count;

	TRY(store_items(call->tx, own, &c->copy->case_id, &rows, &count));
	for (size_t i = 0; i < count; i++)
		if (is_theirs(c, &rows[i].item))
			TRY(add_message(c, &rows[i].item));
	TRY(store_disclosures(
		call->tx, call->arena, &c->copy->case_id, &all, &all_count));
	TRY(add_released(c, rows, count, all, all_count));
	add_known(c, data);
	add_recipients(c, all, all_count, data);
	TRY(add_access(c, data));
	return add_kept(c, data);
}

static enum ouv_err
add_all(struct copying *c, json_t *data)
{
	struct ouv_copy *copy = c->copy;
	struct ouv_str page, plain;

	(void)copy_add(copy, COPY_TEXT, "index.html");
	(void)copy_add(copy, COPY_TEXT, "index.txt");
	TRY(gather(c, data));
	(void)json_object_set(data, "messages", c->list);
	(void)json_object_set(data, "given", c->given_list);
	(void)json_object_set_new(data, "has_given",
		json_boolean(json_array_size(c->given_list) > 0));
	TRY(copy_index(c->call->desk, copy, data, &page, &plain));
	copy->files[0].text = page;
	copy->files[1].text = plain;
	(void)copy_add(copy, COPY_PROBLEMS, "INCOMPLETE.txt");
	(void)copy_add(copy, COPY_MANIFEST, "manifest.json");
	return OUV_OK;
}

enum ouv_err
copy_begin(struct verb_call *call, struct ouv_copy *copy)
{
	uint8_t session[32];

	*copy = (struct ouv_copy){ .arena = call->arena,
		.case_id = call->file->id,
		.person = call->actor->person,
		.protocol = call->opened->c.protocol,
		.made_at = call->now,
		.checked_ms = ouv_clock_mono_ms() };
	if (copy->protocol == NULL)
		return OUV_INVALID;
	copy->name = ouv_arena_printf(call->arena, "%s.zip", copy->protocol);
	ouv_session_id(call->actor->token, session);
	return store_session_begun(call->tx, session, &copy->begun_us);
}

enum ouv_err
copy_make(struct verb_call *call, struct ouv_copy **copy_out)
{
	struct ouv_copy *copy = ouv_arena_alloc(call->arena, sizeof(*copy));
	struct copying c = { .call = call,
		.copy = copy,
		.list = json_array(),
		.given_list = json_array() };
	json_t *data = json_object();
	enum ouv_err err;

	err = copy_begin(call, copy);
	if (err == OUV_OK)
		err = find_person(&c);
	if (err == OUV_OK)
		err = add_all(&c, data);
	json_decref(data);
	json_decref(c.list);
	json_decref(c.given_list);
	if (err != OUV_OK)
		return err;
	copy_reading_begin(copy);
	*copy_out = copy;
	return OUV_OK;
}

const char *
ouv_copy_name(const struct ouv_copy *copy)
{
	return copy->name;
}
