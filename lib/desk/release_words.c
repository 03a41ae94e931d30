/*
 * release_words.c - what of a message a party may read when it is released
 */
#include <stdlib.h>
#include <string.h>

#include "page_seal.h"
#include "release.h"

#define TOKEN                                                  \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
	"0123456789._-"

bool
piece_read(const char *value, int *seq_out, int *part_out)
{
	char *end;
	long seq, part = 0;

	if (*value < '1' || *value > '9' || strlen(value) > 12)
		return false;
	seq = strtol(value, &end, 10);
	if (*end == '.') {
		if (end[1] < '1' || end[1] > '9')
			return false;
		part = strtol(end + 1, &end, 10);
	}
	if (*end != '\0' || seq > 1000000 || part > 10000)
		return false;
	*seq_out = (int)seq;
	*part_out = (int)part - 1;
	return true;
}

bool
release_may(const struct store_item *item)
{
	if (item->kind == OUV_ITEM_NOTE)
		return item->why != NULL && strcmp(item->why, "extract") == 0;
	return item->kind == OUV_ITEM_MAIL_IN ||
	       item->kind == OUV_ITEM_MAIL_OUT;
}

/* Copies text with the token behind each `before` replaced by the mark. */
static const char *
mask_after(struct ouv_arena *arena, const char *text, const char *before)
{
	size_t len = strlen(before);
	struct ouv_buf out;
	const char *at;

	if (len == 0 || strcasestr(text, before) == NULL)
		return text;
	ouv_buf_init(&out, arena, strlen(text) + 256);
	while ((at = strcasestr(text, before)) != NULL) {
		size_t token = strspn(at + len, TOKEN);

		ouv_buf_add(&out, text, (size_t)(at - text) + len);
		if (token > 0)
			ouv_buf_text(&out, RELEASE_MARK);
		text = at + len + token;
	}
	ouv_buf_text(&out, text);
	return ouv_arena_strndup(arena, out.data, out.len);
}

const char *
release_mask(
	const struct ouv_desk *desk, struct ouv_arena *arena, const char *text)
{
	const struct ouv_config *config = desk->office->config;
	const char *host = strstr(config->server_base_url, "://");
	size_t len;

	host = host != NULL ? host + 3 : config->server_base_url;
	len = strlen(host);
	while (len > 0 && host[len - 1] == '/')
		len--;
	text = mask_after(arena, text,
		ouv_arena_printf(arena, "%.*s/t/", (int)len, host));
	text = mask_after(arena, text,
		ouv_arena_printf(arena, "%.*s/d/", (int)len, host));
	text = mask_after(arena, text,
		ouv_arena_printf(arena, "%.*s/p/", (int)len, host));
	text = access_code_hidden(arena, text);
	return mask_after(arena, text,
		ouv_arena_printf(arena, "%s+", config->office_reply_local));
}

static bool
is_blank(const char *text)
{
	return text == NULL || text[strspn(text, " \t\r\n")] == '\0';
}

bool
release_only_quotes(struct ouv_arena *arena, const struct ouv_mail *mail)
{
	return !is_blank(mail->text) &&
	       is_blank(ouv_mail_own_words(arena, mail, RELEASE_MARK));
}

const char *
release_words(const struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_mail *mail)
{
	return release_mask(
		desk, arena, ouv_mail_own_words(arena, mail, RELEASE_MARK));
}
