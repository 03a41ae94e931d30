/*
 * bounce_json.c - mail services that report in JSON
 *
 * Amazon SES, as it is or in an SNS envelope, sent by mail to whoever asked
 * for it.  Anybody can write such a text: only a sender that nobody answers
 * is believed.
 */
#include <string.h>

#include "meaning.h"
#include "classify.h"
#include "report.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define JSON_MOST ((size_t)1024 * 1024)

/* clang-format off */
/* What is told, where its recipients stand, and how they are called. */
static const struct service {
	const char *type;    /* of notificationType, eventType */
	const char *object, *list;
	const char *action;  /* NULL: nothing was delivered or failed */
	enum ouv_mail_class kind;
} services[] = {
	{ "Bounce", "bounce", "bouncedRecipients", "failed", OUV_MAIL_BOUNCE },
	{ "Complaint", "complaint", "complainedRecipients", NULL, OUV_MAIL_ARF },
	{ "Delivery", "delivery", "recipients", "delivered", OUV_MAIL_DSN },
	{ "DeliveryDelay", "deliveryDelay", "delayedRecipients", "delayed",
		OUV_MAIL_DSN },
};

/* bounceType and bounceSubType, when no status is given. */
static const struct {
	const char *type, *subtype, *status;
} bounce_types[] = {
	{ "Transient", "MailboxFull", "5.2.2" },
	{ "Transient", "MessageTooLarge", "5.3.4" },
	{ "Transient", "ContentRejected", "5.7.1" },
	{ "Permanent", "NoEmail", "5.1.1" },
	{ "Permanent", "General", "5.0.0" },
	{ "Permanent", "", "5.0.0" },
	{ "Transient", "", "4.0.0" },
};
/* clang-format on */

static const char *
text_of(struct ouv_arena *arena, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : ouv_arena_strdup(arena, text);
}

static const char *
status_of_type(struct ouv_arena *arena, const json_t *bounce)
{
	const char *type = text_of(arena, bounce, "bounceType");
	const char *subtype = text_of(arena, bounce, "bounceSubType");

	for (size_t i = 0; i < COUNT(bounce_types); i++)
		if (strcmp(type, bounce_types[i].type) == 0 &&
			(bounce_types[i].subtype[0] == '\0' ||
				strcmp(subtype, bounce_types[i].subtype) == 0))
			return bounce_types[i].status;
	return NULL;
}

static void
add_recipient(struct mail_view *view, const struct service *service,
	const json_t *object, const json_t *one)
{
	struct ouv_arena *arena = view->arena;
	const char *addr = json_string_value(one), *status, *said;
	struct mail_cause why = { "", "" };

	addr = addr != NULL ? ouv_arena_strdup(arena, addr)
			    : text_of(arena, one, "emailAddress");
	status = text_of(arena, one, "status");
	status = mail_status_find(arena, status, strlen(status));
	if (status == NULL)
		status = status_of_type(arena, object);
	said = text_of(arena, one, "diagnosticCode");
	if (strcmp(service->action, "delivered") != 0)
		mail_cause(arena, status,
			(struct ouv_str){ said, strlen(said) },
			strcmp(service->action, "delayed") == 0, &why);
	mail_dsn_add(arena, view->mail, addr, service->action, &why);
}

static const char *
message_id(struct mail_view *view, const json_t *doc)
{
	const json_t *headers =
		json_object_get(json_object_get(doc, "mail"), "commonHeaders");
	const char *text = text_of(view->arena, headers, "messageId");
	struct ouv_mail_ids ids = { 0, NULL };

	mail_ids(view->arena, (struct ouv_str){ text, strlen(text) }, &ids);
	return ids.count > 0 ? ids.list[0] : NULL;
}

static bool
read_service(struct mail_view *view, const json_t *doc,
	enum ouv_mail_class *kind_out)
{
	for (size_t i = 0; i < COUNT(services); i++) {
		const struct service *service = &services[i];
		const json_t *object = json_object_get(doc, service->object);
		const json_t *list = json_object_get(object, service->list);

		if (!json_is_array(list))
			continue;
		for (size_t k = 0; k < json_array_size(list) &&
				   k < MAIL_ADDRS_MAX && service->action;
			k++)
			add_recipient(
				view, service, object, json_array_get(list, k));
		view->mail->has_dsn = service->action != NULL;
		view->mail->dsn_original_id = message_id(view, doc);
		mail_dsn_verdict(view->mail);
		*kind_out = service->kind;
		return view->mail->dsn_count > 0 || service->action == NULL;
	}
	return false;
}

static bool
is_service(struct mail_view *view)
{
	const struct ouv_mail *mail = view->mail;

	if (mail->return_path != NULL && mail->return_path[0] == '\0')
		return true;
	return mail->from.count > 0 &&
	       mail_is_unread(view->arena, mail->from.list[0].addr);
}

bool
report_json(struct mail_view *view, enum ouv_mail_class *kind_out)
{
	const char *text = view->mail->text + strspn(view->mail->text, " \r\n");
	const char *inner;
	bool is_report;
	json_t *doc;

	if (*text != '{' || strstr(text, "ecipients") == NULL ||
		strnlen(text, JSON_MOST) == JSON_MOST || !is_service(view))
		return false;
	doc = json_loads(text, JSON_DISABLE_EOF_CHECK, NULL);
	inner = json_string_value(json_object_get(doc, "Message"));
	if (inner != NULL) {
		json_t *envelope = doc;

		doc = json_loads(inner, 0, NULL);
		json_decref(envelope);
	}
	is_report = read_service(view, doc, kind_out);
	json_decref(doc);
	return is_report;
}
