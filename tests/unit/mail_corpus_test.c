/*
 * mail_corpus_test.c - every specimen mail is read as its document says
 *
 * tests/data/mail/NAME.json holds what must come out of NAME.eml; keys that
 * are not there are not compared.  Runs from the project's folder.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/mail/internal.h"

#define FOLDER "tests/data/mail"

static const struct ouv_mail_office office = {
	.address = "ouvidoria@ouvidoria.example",
	.reply_local = "caso",
	.authserv_id = "mx.ouvidoria.example",
	.loop_id = "loop-7f3a",
};

struct specimen {
	struct ouv_arena *arena;
	char *raw;
	size_t len;
	struct ouv_mail mail;
};

static char *
read_file(struct ouv_arena *arena, const char *path, size_t *len_out)
{
	FILE *file = fopen(path, "re");
	struct ouv_buf buf;
	char piece[4096];
	size_t n;

	if (file == NULL)
		fail_msg("%s: cannot be read", path);
	ouv_buf_init(&buf, arena, 0);
	while ((n = fread(piece, 1, sizeof(piece), file)) > 0)
		ouv_buf_add(&buf, piece, n);
	(void)fclose(file);
	*len_out = buf.len;
	return buf.data;
}

static int
is_specimen(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot != NULL && strcmp(dot, ".eml") == 0;
}

/* Calls check with every specimen, and says how many there were. */
static int
for_each(void (*check)(const char *name, struct specimen *s))
{
	struct dirent **names = NULL;
	int count = scandir(FOLDER, &names, is_specimen, alphasort);

	for (int i = 0; i < count; i++) {
		struct specimen s = { .arena = ouv_arena_new(OUV_ARENA_PLAIN) };
		char *name = names[i]->d_name;

		s.raw = read_file(s.arena,
			ouv_arena_printf(s.arena, FOLDER "/%s", name), &s.len);
		*strrchr(name, '.') = '\0';
		ouv_mail_read(s.arena, s.raw, s.len, &office, &s.mail);
		check(name, &s);
		ouv_arena_free(&s.arena);
		free(names[i]);
	}
	free(names);
	return count;
}

/* Where got differs from want, as a path; NULL: nowhere. */
static char *
difference(struct ouv_arena *arena, const json_t *want, const json_t *got,
	const char *path)
{
	char *found = NULL;
	const char *key;
	const json_t *value;

	if (json_is_object(want) && json_is_object(got)) {
		json_object_foreach(
			(json_t *)want, key, value) if (found == NULL) found =
			difference(arena, value, json_object_get(got, key),
				ouv_arena_printf(arena, "%s.%s", path, key));
		return found;
	}
	if (json_is_array(want) && json_is_array(got) &&
		json_array_size(want) == json_array_size(got)) {
		for (size_t i = 0; i < json_array_size(want) && found == NULL;
			i++)
			found = difference(arena, json_array_get(want, i),
				json_array_get(got, i),
				ouv_arena_printf(arena, "%s[%zu]", path, i));
		return found;
	}
	if (got != NULL && json_equal(want, got))
		return NULL;
	key = got == NULL ? NULL : json_dumps(got, JSON_ENCODE_ANY);
	found = ouv_arena_printf(
		arena, "%s is %s", path, key == NULL ? "missing" : key);
	free((char *)key);
	return found;
}

static void
check_document(const char *name, struct specimen *s)
{
	json_error_t error;
	json_t *want = json_load_file(
		ouv_arena_printf(s->arena, FOLDER "/%s.json", name), 0, &error);
	json_t *got = ouv_mail_to_json(&s->mail);
	const char *wrong;

	if (want == NULL)
		fail_msg("%s.json: %s", name, error.text);
	if (json_object_size(want) == 0)
		fail_msg("%s.json asks for nothing", name);
	wrong = difference(s->arena, want, got, "");
	if (wrong != NULL)
		fail_msg("%s: %s", name, wrong);
	json_decref(want);
	json_decref(got);
}

static void
every_specimen_is_read_as_its_document_says(void **state)
{
	(void)state;
	assert_true(for_each(check_document) >= 40);
}

static void
check_round_trip(const char *name, struct specimen *s)
{
	json_t *there = ouv_mail_to_json(&s->mail), *back;
	struct ouv_mail mail;

	if (ouv_mail_from_json(s->arena, there, &mail) != OUV_OK)
		fail_msg("%s: its document is refused", name);
	back = ouv_mail_to_json(&mail);
	if (!json_equal(there, back))
		fail_msg("%s: comes back changed", name);
	json_decref(there);
	json_decref(back);
}

static void
a_document_read_back_is_the_same_mail(void **state)
{
	(void)state;
	for_each(check_round_trip);
}

/* The mail goes by in pieces of that size. */
static void
check_passing(const char *name, struct specimen *s,
	const struct ouv_mail_part *part, struct ouv_str whole, size_t piece)
{
	struct ouv_mail_part_stream *stream =
		ouv_mail_part_stream_new(s->arena, part);
	struct ouv_buf out;

	ouv_buf_init(&out, s->arena, whole.len);
	for (size_t at = 0; at < s->len; at += piece)
		ouv_mail_part_stream_add(stream, s->raw + at,
			s->len - at < piece ? s->len - at : piece, &out);
	if (ouv_mail_part_stream_end(stream, &out) != OUV_OK ||
		out.len != whole.len ||
		memcmp(out.data, whole.p, whole.len) != 0)
		fail_msg("%s: another part in pieces of %zu", name, piece);
}

static void
check_parts(const char *name, struct specimen *s)
{
	for (size_t i = 0; i < s->mail.part_count; i++) {
		const struct ouv_mail_part *part = &s->mail.parts[i];
		struct ouv_str bytes;
		char hex[65];

		if (ouv_mail_part_bytes(
			    s->arena, s->raw, s->len, part, &bytes) != OUV_OK)
			fail_msg("%s: part %zu is nowhere", name, i);
		mail_sha256(bytes.p, bytes.len, hex);
		if (bytes.len != part->size || strcmp(hex, part->sha256) != 0)
			fail_msg("%s: part %zu is another", name, i);
		check_passing(name, s, part, bytes, 7);
		check_passing(name, s, part, bytes, 4099);
	}
}

static void
every_attachment_can_be_cut_out_of_the_raw_mail(void **state)
{
	(void)state;
	for_each(check_parts);
}

/* However a mail is cut or damaged, there is a document in valid UTF-8. */
static void
check_damaged(const char *name, struct specimen *s)
{
	size_t step = s->len / 60 + 1;

	for (size_t at = 0; at < s->len; at += step) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		/* of its exact size, for the sanitizer */
		char *copy = malloc(at + 1);
		struct ouv_mail mail;
		json_t *doc;

		memcpy(copy, s->raw, at);
		copy[at] = (char)(s->raw[at] ^ 0x85);
		ouv_mail_read(arena, copy, at + 1, &office, &mail);
		doc = ouv_mail_to_json(&mail);
		if (ouv_mail_from_json(arena, doc, &mail) != OUV_OK)
			fail_msg("%s cut at %zu: no document", name, at);
		json_decref(doc);
		ouv_arena_free(&arena);
		free(copy);
	}
}

static void
a_damaged_specimen_is_still_a_document(void **state)
{
	(void)state;
	for_each(check_damaged);
}

static int
is_index(const struct dirent *entry)
{
	return strncmp(entry->d_name, "INDEX", 5) == 0;
}

static const char *indexes;

static void
check_index(const char *name, struct specimen *s)
{
	if (strstr(indexes, ouv_arena_printf(s->arena, "- %s.eml: ", name)) ==
		NULL)
		fail_msg("%s: no index says why it is here", name);
}

static void
every_specimen_has_its_reason(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct dirent **names = NULL;
	int count = scandir(FOLDER, &names, is_index, alphasort);
	struct ouv_buf all;

	(void)state;
	ouv_buf_init(&all, arena, 0);
	for (int i = 0; i < count; i++) {
		size_t len;
		char *text = read_file(arena,
			ouv_arena_printf(arena, FOLDER "/%s", names[i]->d_name),
			&len);

		ouv_buf_add(&all, text, len);
		free(names[i]);
	}
	free(names);
	indexes = all.data;
	for_each(check_index);
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_specimen_is_read_as_its_document_says),
		cmocka_unit_test(a_document_read_back_is_the_same_mail),
		cmocka_unit_test(
			every_attachment_can_be_cut_out_of_the_raw_mail),
		cmocka_unit_test(a_damaged_specimen_is_still_a_document),
		cmocka_unit_test(every_specimen_has_its_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
