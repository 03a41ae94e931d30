/*
 * view_case.c - one case, and one message of it, as templates show them
 */
#include <string.h>

#include "ouv/id.h"
#include "ouv/scan.h"

#include "view.h"

const char *
view_case_path(const struct request *request, const struct ouv_case_line *line)
{
	char hex[OUV_ID_HEX];

	if (line->protocol != NULL)
		return ouv_arena_printf(
			request->arena, "/cases/%s", line->protocol);
	ouv_id_hex(&line->id, hex);
	return ouv_arena_printf(request->arena, "/cases/%s", hex);
}

void
view_case_line(const struct request *request, json_t *data,
	const struct ouv_case_line *line, int64_t now)
{
	const char *name = line->from_name != NULL ? line->from_name : "";
	const char *subject = line->subject != NULL ? line->subject : "";
	bool open = ouv_state_is_open(line->state);

	view_line(data, "case_path", view_case_path(request, line));
	view_flag(data, "has_protocol", line->protocol != NULL);
	view_line(
		data, "protocol", line->protocol != NULL ? line->protocol : "");
	view_line(data, "subject", subject);
	view_flag(data, "has_subject", *subject != '\0');
	view_line(data, "from_name", name);
	view_flag(data, "has_from_name", *name != '\0');
	view_line(data, "state", ouv_state_name(line->state));
	view_code(request, data, "state_name", "state_",
		ouv_state_name(line->state));
	view_flag(data, "has_owner", line->owner != NULL);
	view_line(data, "owner", line->owner != NULL ? line->owner : "");
	view_time(request, data, "opened_at", line->opened_at);
	view_time(request, data, "due_at", line->due_at);
	view_time(request, data, "last_at", line->last_at);
	view_flag(data, "is_overdue",
		open && line->due_at != 0 && line->due_at < now);
	view_flag(data, "is_due_soon",
		open && line->due_at >= now && line->due_at < now + 86400);
	view_number(data, "item_count", line->items);
	view_flag(data, "has_one_item", line->items == 1);
	view_flag(data, "has_failed", line->failed);
	view_number(data, "task_count", line->tasks);
	view_flag(data, "has_task_count", line->tasks > 0);
	view_flag(data, "has_one_task", line->tasks == 1);
	view_flag(data, "in_scan", line->in_scan);
}

/* Each code as {name, evidence}: "bad-charset:uft-8" is a word and "uft-8". */
static json_t *
codes(const struct request *request, const char *prefix,
	const char *const *list, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++) {
		const char *colon = strchr(list[i], ':');
		size_t len = colon != NULL ? (size_t)(colon - list[i])
					   : strlen(list[i]);
		const char *code =
			ouv_arena_strndup(request->arena, list[i], len);
		const char *word = words_code(
			&request->server->words, request->lang, prefix, code);
		json_t *one = json_object();

		if (word == NULL) /* nothing we have words for: as it is */
			colon = NULL;
		view_line(one, "name", word != NULL ? word : "");
		view_flag(one, "has_name", word != NULL);
		view_line(one, "evidence",
			word == NULL    ? list[i]
			: colon != NULL ? colon + 1
					: "");
		view_flag(one, "has_evidence", word == NULL || colon != NULL);
		json_array_append_new(array, one);
	}
	return array;
}

/* How far it is read, of one that is a picture of pages. */
static void
add_scan(const struct request *request, json_t *one, const char *item_path,
	const struct ouv_item_view *item, size_t part)
{
	const struct ouv_scan_state *scan = NULL;

	for (size_t i = 0; i < item->scan_count; i++)
		if (item->scans[i].part == (int)part)
			scan = &item->scans[i];
	view_flag(one, "has_scan", scan != NULL && scan->pages > 0);
	view_flag(one, "is_scan_read",
		scan != NULL && scan->pages > 0 && scan->done == scan->pages);
	view_flag(one, "is_scan_waiting", scan != NULL && scan->pages < 0);
	view_flag(one, "has_one_scan_page", scan != NULL && scan->pages == 1);
	view_number(one, "scan_done", scan != NULL ? scan->done : 0);
	view_number(one, "scan_pages", scan != NULL ? scan->pages : 0);
	view_line(one, "scan_path",
		ouv_arena_printf(
			request->arena, "%s/parts/%zu/pages", item_path, part));
}

static json_t *
attachments(const struct request *request, const char *item_path,
	const struct ouv_item_view *item)
{
	const struct ouv_mail *mail = &item->mail;
	json_t *array = json_array();

	for (size_t i = 0; i < mail->part_count; i++) {
		const struct ouv_mail_part *part = &mail->parts[i];
		const char *name = part->filename;
		json_t *one = json_object();

		view_flag(one, "has_name", name != NULL && *name != '\0');
		view_line(one, "name", name);
		view_line(one, "type",
			part->content_type != NULL ? part->content_type : "");
		view_size(request, one, "size", part->size);
		view_line(one, "part_path",
			ouv_arena_printf(
				request->arena, "%s/parts/%zu", item_path, i));
		add_scan(request, one, item_path, item, i);
		json_array_append_new(array, one);
	}
	return array;
}

/* clang-format off */
static const struct {
	bool incoming, automatic;
} kinds[OUV_ITEM__COUNT] = {
	[OUV_ITEM_MAIL_IN] = { true, false },
	[OUV_ITEM_AUTO_IN] = { true, true },
	[OUV_ITEM_MAIL_OUT] = { false, false },
	[OUV_ITEM_AUTO_OUT] = { false, true },
	[OUV_ITEM_NOTE] = { false, false },
	[OUV_ITEM_UNPARSED] = { true, false },
};

/* Which states of delivery ask for a person, which only for patience. */
static const struct {
	bool failed, waiting;
} deliveries[OUV_DELIVERY__COUNT] = {
	[OUV_DELIVERY_QUEUED] = { false, true },
	[OUV_DELIVERY_RETRY] = { false, true },
	[OUV_DELIVERY_UNKNOWN] = { false, true },
	[OUV_DELIVERY_FAILED] = { true, false },
	[OUV_DELIVERY_BOUNCED] = { true, false },
	[OUV_DELIVERY_TO_PRINT] = { false, true },
	[OUV_DELIVERY_PRINTED] = { false, true },
	[OUV_DELIVERY_POSTED] = { false, true },
	[OUV_DELIVERY_RETURNED] = { true, false },
};
/* clang-format on */

static void
add_delivery(const struct request *request, json_t *data,
	const struct ouv_item_view *item)
{
	const char *reply = item->reply != NULL ? item->reply : "";

	view_flag(data, "has_delivery", item->delivery != OUV_DELIVERY_NONE);
	view_code(request, data, "delivery_name", "delivery_",
		ouv_delivery_name(item->delivery));
	view_flag(data, "is_failed", deliveries[item->delivery].failed);
	view_flag(data, "is_waiting", deliveries[item->delivery].waiting);
	view_time(request, data, "sent_at", item->sent_at);
	view_time(request, data, "next_at", item->next_at);
	view_number(data, "attempts", item->attempts);
	view_flag(data, "has_attempts", item->attempts > 1);
	view_line(data, "server_reply", reply);
	view_flag(data, "has_server_reply", *reply != '\0');
}

static const struct ouv_mail_addr nobody = { "", "" };

static void
add_person(json_t *data, const char *name_key, const char *addr_key,
	const char *flag_key, const struct ouv_mail_addrs *addrs)
{
	const struct ouv_mail_addr *one =
		addrs->count > 0 ? &addrs->list[0] : &nobody;

	view_line(data, name_key, one->name);
	view_line(data, addr_key, one->addr);
	view_flag(data, flag_key, *one->name != '\0' || *one->addr != '\0');
}

/* Whose message it is, in one word: the address of who gives no name. */
static const char *
who(const struct ouv_mail_addrs *addrs)
{
	const struct ouv_mail_addr *one =
		addrs->count > 0 ? &addrs->list[0] : &nobody;

	return *one->name != '\0' ? one->name : one->addr;
}

static void
add_text(json_t *data, const struct ouv_mail *mail)
{
	const char *text = mail->text != NULL ? mail->text : "";
	const char *fresh = mail->reply_text != NULL ? mail->reply_text : text;
	const char *lang = mail->lang != NULL ? mail->lang : "und";

	if (*fresh == '\0')
		fresh = text;
	view_text(data, "fresh_text", fresh);
	view_text(data, "whole_text", text);
	view_flag(data, "has_text", *text != '\0');
	view_flag(data, "has_more", strcmp(fresh, text) != 0);
	/* "und" is a valid tag (RFC 5646): the language is not known. */
	view_line(data, "text_lang", *lang != '\0' ? lang : "und");
}

/* Other cases of the same sender, with the ways to what can be done about it;
 * of those one may not read, only that they are there.  Which way is open, a
 * page that knows the whole case says. */
static void
add_others(const struct request *request, json_t *data, const char *case_path,
	const struct ouv_item_view *item)
{
	json_t *list = json_array();

	for (size_t i = 0; i < item->guess_count; i++) {
		const struct ouv_guess *guess = &item->guesses[i];
		json_t *one;

		if (guess->lead == NULL || strcmp(guess->lead, "sender") != 0)
			continue;
		one = json_object();
		view_guess(request, one, guess);
		view_line(one, "add_path",
			ouv_arena_printf(request->arena, "#attribute-%d-%zu",
				item->seq, i + 1));
		view_line(one, "join_path",
			ouv_arena_printf(request->arena, "%s/do/merge?to=%s",
				case_path,
				guess->protocol != NULL ? guess->protocol
							: ""));
		json_array_append_new(list, one);
	}
	view_flag(data, "may_add", false);
	view_flag(data, "may_join", false);
	view_flag(data, "has_others", json_array_size(list) > 0);
	json_object_set_new(data, "others", list);
}

bool
view_is_incoming(const struct ouv_item_view *item)
{
	return kinds[item->kind].incoming;
}

bool
view_is_automatic(const struct ouv_item_view *item)
{
	return kinds[item->kind].automatic;
}

const char *
view_item_by(const struct ouv_item_view *item)
{
	if (view_is_incoming(item))
		return who(&item->mail.from);
	return item->author != NULL ? item->author : "";
}

json_t *
view_item(const struct request *request, const char *case_path,
	const struct ouv_item_view *item)
{
	const struct ouv_mail *mail = &item->mail;
	json_t *data = json_object();
	char hex[OUV_ID_HEX];
	const char *path;

	ouv_id_hex(&item->id, hex);
	path = ouv_arena_printf(request->arena, "%s/items/%s", case_path, hex);
	view_number(data, "seq", item->seq);
	view_line(data, "raw_path",
		ouv_arena_printf(request->arena, "%s/raw", path));
	view_line(data, "text_path",
		ouv_arena_printf(request->arena, "%s/text", path));
	view_line(data, "layout_path",
		ouv_arena_printf(request->arena, "%s/layout", path));
	view_flag(data, "has_layout",
		item->mail.has_page || item->mail.text_source == OUV_TEXT_HTML);
	view_code(request, data, "kind_name", "kind_",
		ouv_item_kind_name(item->kind));
	view_line(data, "kind", ouv_item_kind_name(item->kind));
	view_line(data, "lane", ouv_lane_name(item->lane));
	view_code(
		request, data, "lane_name", "lane_", ouv_lane_name(item->lane));
	view_flag(data, "is_consumer", item->lane == OUV_LANE_CONSUMER);
	view_flag(data, "is_incoming", kinds[item->kind].incoming);
	view_flag(data, "is_auto", kinds[item->kind].automatic);
	view_flag(data, "is_unparsed",
		item->kind == OUV_ITEM_UNPARSED || !mail->ok);
	view_time(request, data, "at", item->at);
	view_flag(data, "has_author", item->author != NULL);
	view_line(data, "author", item->author);
	view_line(data, "mail_subject", mail->subject);
	view_flag(data, "has_mail_subject",
		mail->subject != NULL && *mail->subject != '\0');
	add_person(data, "from_name", "from_addr", "has_from", &mail->from);
	view_flag(data, "has_from_addr", /* on paper: none */
		mail->from.count > 0 && *mail->from.list[0].addr != '\0');
	view_line(data, "from_who", who(&mail->from));
	add_person(data, "to_name", "to_addr", "has_to", &mail->to);
	add_text(data, mail);
	view_code(request, data, "class_name", "class_",
		ouv_mail_class_name(mail->kind));
	view_size(request, data, "raw_size", mail->size);
	view_flag(data, "has_size", mail->size > 0);
	json_object_set_new(data, "defects",
		codes(request, "defect_", mail->defects.list,
			mail->defects.count));
	view_flag(data, "has_defects", mail->defects.count > 0);
	json_object_set_new(data, "reasons",
		codes(request, "reason_", mail->reasons.list,
			mail->reasons.count));
	view_flag(data, "has_reasons", mail->reasons.count > 0);
	json_object_set_new(
		data, "attachments", attachments(request, path, item));
	view_flag(data, "has_attachments", mail->part_count > 0);
	view_why(request, data, item->why);
	view_mail(request, data, mail);
	add_others(request, data, case_path, item);
	add_delivery(request, data, item);
	return data;
}
