/*
 * page_static.c - the style sheet, the icons and the scripts, the only answers
 * that may be kept by a browser
 *
 * Read once at start; the address carries a hash of the content, so a new
 * version is seen at once and an old one never asked for again.
 */
#include <stdio.h>
#include <string.h>

#include "ouv/id.h"
#include "ouv/log.h"
#include "ouv/vault.h"

#include "page.h"
#include "reply.h"

#define ASSET_MAX ((size_t)256 * 1024)

/* clang-format off */
static const struct {
	const char *name, *type;
} known[ASSET__COUNT] = {
	[ASSET_STYLE] = { "style.css", "text/css; charset=utf-8" },
	[ASSET_ICON] = { "icon.svg", "image/svg+xml" },
	[ASSET_SCRIPT] = { "write.js", "text/javascript; charset=utf-8" },
	[ASSET_ICONS] = { "icons.svg", "image/svg+xml" },
	[ASSET_FILES] = { "files.js", "text/javascript; charset=utf-8" },
	[ASSET_KEYS] = { "console.js", "text/javascript; charset=utf-8" },
};
/* clang-format on */

static enum ouv_err
read_file(struct ouv_arena *arena, const char *path, struct ouv_str *bytes_out)
{
	FILE *file = fopen(path, "re");
	char *data;
	size_t len;

	if (file == NULL) {
		ouv_log_error("%s: cannot be read", path);
		return OUV_NOT_FOUND;
	}
	data = ouv_arena_alloc(arena, ASSET_MAX + 1);
	len = fread(data, 1, ASSET_MAX + 1, file);
	(void)fclose(file);
	if (len == 0 || len > ASSET_MAX) {
		ouv_log_error("%s: %s", path, len == 0 ? "empty" : "too large");
		return OUV_INVALID;
	}
	bytes_out->p = data;
	bytes_out->len = len;
	return OUV_OK;
}

enum ouv_err
assets_load(struct server *server)
{
	for (int i = 0; i < ASSET__COUNT; i++) {
		struct asset *asset = &server->assets[i];
		uint8_t hash[OUV_KEY];
		char hex[33];
		enum ouv_err err;

		asset->name = known[i].name;
		asset->type = known[i].type;
		err = read_file(server->arena,
			ouv_arena_printf(server->arena, "%s/%s",
				server->config->paths_static, known[i].name),
			&asset->bytes);
		if (err != OUV_OK)
			return err;
		ouv_hash("asset", asset->bytes.p, asset->bytes.len, hash);
		ouv_hex(hash, 16, hex);
		(void)snprintf(asset->etag, sizeof(asset->etag), "\"%s\"", hex);
		asset->path = ouv_arena_printf(server->arena,
			"/static/%s?v=%.16s", known[i].name, hex);
	}
	return OUV_OK;
}

static const struct asset *
asset_named(const struct request *request)
{
	for (int i = 0; i < ASSET__COUNT; i++)
		if (strcmp(request->server->assets[i].name, request->args[0]) ==
			0)
			return &request->server->assets[i];
	return NULL;
}

void
page_static(struct request *request)
{
	const struct asset *asset = asset_named(request);
	const char *version = form_get(&request->query_form, "v");
	const char *has = header_find(
		request->headers, request->header_count, "If-None-Match");

	if (asset == NULL) {
		page_error(request, 404);
		return;
	}
	reply_header_set(request, "Cache-Control",
		version != NULL && strncmp(version, asset->etag + 1, 16) == 0
			? "public, max-age=31536000, immutable"
			: "public, no-cache");
	reply_header(request, "ETag", asset->etag);
	if (has != NULL && strstr(has, asset->etag) != NULL) {
		request->response.status = 304;
		return;
	}
	reply_bytes(request, 200, asset->type, asset->bytes);
}
