/*
 * escrow_file.c - the document that carries keys from the escrow to the office
 *
 * It holds nothing but sealed boxes; its fingerprint is what custodians write
 * down off line and give again when it is imported.
 */
#include <stdio.h>
#include <string.h>

#include "escrow_file.h"

#define FORMAT "ouvidoria-escrow-1"
#define GROUPS 5

static json_t *
hex(const void *data, size_t len)
{
	char text[2 * OUV_BOX + 1];

	ouv_hex(data, len, text);
	return json_string(text);
}

json_t *
escrow_file_write(const struct escrow_file *file)
{
	json_t *keys = json_array();

	for (size_t i = 0; i < file->count; i++) {
		const struct escrow_key *key = &file->keys[i];

		(void)json_array_append_new(keys,
			json_pack("{s:o, s:i, s:o}", "case",
				hex(key->case_id.b, sizeof(key->case_id.b)),
				"version", key->version, "box",
				hex(key->box, sizeof(key->box))));
	}
	return json_pack("{s:s, s:o, s:o, s:o, s:o}", "format", FORMAT,
		"tenant", hex(file->tenant.b, sizeof(file->tenant.b)), "person",
		hex(file->person.b, sizeof(file->person.b)), "pk",
		hex(file->pk, sizeof(file->pk)), "keys", keys);
}

static bool
take(const json_t *doc, const char *name, void *out, size_t len)
{
	const char *text = json_string_value(json_object_get(doc, name));

	return text != NULL && ouv_unhex(text, out, len) == OUV_OK;
}

enum ouv_err
escrow_file_read(struct ouv_arena *arena, const json_t *doc,
	struct escrow_file *file_out)
{
	const char *format = json_string_value(json_object_get(doc, "format"));
	const json_t *keys = json_object_get(doc, "keys");
	struct escrow_file file = { .count = json_array_size(keys) };

	if (format == NULL || strcmp(format, FORMAT) != 0 || file.count == 0 ||
		!take(doc, "tenant", file.tenant.b, sizeof(file.tenant.b)) ||
		!take(doc, "person", file.person.b, sizeof(file.person.b)) ||
		!take(doc, "pk", file.pk, sizeof(file.pk)))
		return OUV_INVALID;
	file.keys = ouv_arena_array(arena, file.count, sizeof(*file.keys));
	for (size_t i = 0; i < file.count; i++) {
		const json_t *one = json_array_get(keys, i);
		const json_t *version = json_object_get(one, "version");
		struct escrow_key *key = &file.keys[i];

		if (!take(one, "case", key->case_id.b,
			    sizeof(key->case_id.b)) ||
			!take(one, "box", key->box, sizeof(key->box)) ||
			json_integer_value(version) < 1 ||
			json_integer_value(version) > INT32_MAX)
			return OUV_INVALID;
		key->version = (int)json_integer_value(version);
	}
	*file_out = file;
	return OUV_OK;
}

void
escrow_file_print(const struct escrow_file *file, char out[OUV_FINGERPRINT_MAX])
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_hasher *hasher = ouv_hasher_new(arena, NULL);
	uint8_t hash[OUV_KEY];
	char *p = out;

	ouv_hasher_add(hasher, FORMAT, sizeof(FORMAT));
	ouv_hasher_add(hasher, file->tenant.b, sizeof(file->tenant.b));
	ouv_hasher_add(hasher, file->person.b, sizeof(file->person.b));
	ouv_hasher_add(hasher, file->pk, sizeof(file->pk));
	for (size_t i = 0; i < file->count; i++) {
		const struct escrow_key *key = &file->keys[i];
		uint8_t version[4];

		for (size_t b = 0; b < sizeof(version); b++)
			version[b] = (uint8_t)((uint32_t)key->version >>
					       (24 - 8 * b));
		ouv_hasher_add(hasher, key->case_id.b, sizeof(key->case_id.b));
		ouv_hasher_add(hasher, version, sizeof(version));
		ouv_hasher_add(hasher, key->box, sizeof(key->box));
	}
	ouv_hasher_end(hasher, hash);
	for (size_t i = 0; i < GROUPS; i++, p += 5)
		(void)snprintf(p, 6, "%02x%02x-", hash[2 * i], hash[2 * i + 1]);
	p[-1] = '\0';
}
