/*
 * marks.c - what staff must know of a mail before they read it
 *
 * By the types of its parts and by what stands in its text; nothing is
 * verified, nothing opened: a mark says what a mail claims to be.
 */
#include <string.h>
#include <strings.h>

#include "marks.h"

#define ARMOR_FILE_MAX ((size_t)512 * 1024)
#define CMS_START ((size_t)4096) /* encoded bytes that tell its kind */

/* clang-format off */
static const struct {
	const char *type, *mark;
} by_type[] = {
	{ "text/calendar",                 "calendar" },
	{ "text/x-vcalendar",              "calendar" },
	{ "application/ics",               "calendar" },
	{ "application/pkcs7-signature",   "smime-signed" },
	{ "application/x-pkcs7-signature", "smime-signed" },
	{ "application/pgp-signature",     "pgp-signed" },
	{ "application/pgp-encrypted",     "pgp-encrypted" },
	{ "application/pgp-keys",          "pgp-key" },
};

static const struct {
	unsigned armor;
	const char *mark;
} by_armor[] = {
	{ MAIL_ARMOR_SIGNED,  "pgp-signed" },
	{ MAIL_ARMOR_MESSAGE, "pgp-encrypted" },
	{ MAIL_ARMOR_KEY,     "pgp-key" },
};

/* smime-type (RFC 8551 3.2.2); certificates alone are neither. */
static const struct {
	const char *type, *mark;
} by_smime_type[] = {
	{ "signed-data",        "smime-signed" },
	{ "enveloped-data",     "smime-encrypted" },
	{ "authenveloped-data", "smime-encrypted" },
};
/* clang-format on */

static bool
ends(const char *name, const char *suffix)
{
	size_t len = name == NULL ? 0 : strlen(name), want = strlen(suffix);

	return len >= want && strcasecmp(name + len - want, suffix) == 0;
}

bool
mail_is_smime(const struct mail_message *message, const struct mail_leaf *leaf)
{
	bool named = leaf->filename != NULL &&
		     strcasecmp(leaf->filename, "smime.p7m") == 0;

	(void)message;
	if (leaf->multipart)
		return false;
	if (strcmp(leaf->content_type, "application/pkcs7-mime") == 0 ||
		strcmp(leaf->content_type, "application/x-pkcs7-mime") == 0)
		return named || leaf->filename == NULL || leaf->parent < 0;
	return named &&
	       strcmp(leaf->content_type, "application/octet-stream") == 0;
}

static void
mark_smime(struct ouv_arena *arena, const struct mail_message *message,
	const struct mail_leaf *leaf, struct ouv_mail *mail)
{
	const char *type = mail_param(&leaf->type, "smime-type");
	struct ouv_str bytes = { message->raw.p + leaf->offset, leaf->length };
	struct ouv_str content;

	for (size_t i = 0; type != NULL &&
			   i < sizeof(by_smime_type) / sizeof(by_smime_type[0]);
		i++)
		if (strcasecmp(type, by_smime_type[i].type) == 0) {
			mail_mark(arena, mail, by_smime_type[i].mark);
			return;
		}
	if (type != NULL)
		return;
	if (bytes.len > CMS_START)
		bytes.len = CMS_START;
	(void)mail_decode_bytes(arena, leaf->encoding, bytes, &bytes);
	switch (mail_cms_open(arena, bytes, &content)) {
	case MAIL_CMS_SIGNED:
		mail_mark(arena, mail, "smime-signed");
		break;
	case MAIL_CMS_SEALED:
		mail_mark(arena, mail, "smime-encrypted");
		break;
	default:
		break;
	}
}

static void
mark_armor(struct ouv_arena *arena, struct ouv_str text, struct ouv_mail *mail)
{
	unsigned armor = mail_armor(text);

	for (size_t i = 0; i < sizeof(by_armor) / sizeof(by_armor[0]); i++)
		if (armor & by_armor[i].armor)
			mail_mark(arena, mail, by_armor[i].mark);
}

/* "key.asc", under whatever type it was sent. */
static void
mark_armor_file(struct ouv_arena *arena, const struct mail_message *message,
	const struct mail_leaf *leaf, struct ouv_mail *mail)
{
	struct ouv_arena *scratch;

	if (leaf->length > ARMOR_FILE_MAX || !ends(leaf->filename, ".asc"))
		return;
	scratch = ouv_arena_new(OUV_ARENA_WIPE);
	mark_armor(arena, mail_leaf_bytes(scratch, message, leaf), mail);
	ouv_arena_free(&scratch);
}

/* A container says what it is in its protocol (RFC 1847). */
static void
mark_container(struct ouv_arena *arena, const struct mail_leaf *node,
	struct ouv_mail *mail)
{
	const char *protocol = mail_param(&node->type, "protocol");
	bool sealed = strcmp(node->content_type, "multipart/encrypted") == 0;

	if (protocol == NULL || (!sealed && strcmp(node->content_type,
						    "multipart/signed") != 0))
		return;
	for (size_t i = 0; i < sizeof(by_type) / sizeof(by_type[0]); i++)
		if (strcasecmp(protocol, by_type[i].type) == 0)
			mail_mark(arena, mail, by_type[i].mark);
}

static void
mark_leaf(struct ouv_arena *arena, const struct mail_message *message,
	const struct mail_leaf *leaf, struct ouv_mail *mail)
{
	for (size_t i = 0; i < sizeof(by_type) / sizeof(by_type[0]); i++)
		if (strcmp(leaf->content_type, by_type[i].type) == 0)
			mail_mark(arena, mail, by_type[i].mark);
	if (mail_is_smime(message, leaf))
		mark_smime(arena, message, leaf, mail);
	if (ends(leaf->filename, ".ics"))
		mail_mark(arena, mail, "calendar");
	mark_armor_file(arena, message, leaf, mail);
}

void
mail_marks(struct ouv_arena *arena, const struct mail_message *message,
	struct ouv_mail *mail)
{
	for (size_t i = 0; i < message->count; i++) {
		const struct mail_leaf *node = &message->nodes[i];

		if (node->multipart)
			mark_container(arena, node, mail);
		else
			mark_leaf(arena, message, node, mail);
	}
	mark_armor(arena, (struct ouv_str){ mail->text, strlen(mail->text) },
		mail);
}
