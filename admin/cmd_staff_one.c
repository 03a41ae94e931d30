/*
 * cmd_staff_one.c - staff show, staff leave: about one of the staff
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "ouv/grants.h"
#include "ouv/log.h"
#include "ouv/setup.h"

static void
print_json(const json_t *doc)
{
	(void)json_dumpf(doc, stdout, JSON_COMPACT);
	(void)putchar('\n');
}

static void
print_person(const json_t *person)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)person, key, value)
	{
		if (json_is_string(value))
			printf("%s %s\n", key, json_string_value(value));
		else if (json_is_boolean(value))
			printf("%s %s\n", key,
				json_is_true(value) ? "yes" : "no");
		else
			printf("%s %" JSON_INTEGER_FORMAT "\n", key,
				json_integer_value(value));
	}
}

static enum ouv_err
show(struct ouv_desk *desk, const char *login, bool json)
{
	json_t *person = NULL;
	enum ouv_err err = ouv_setup_staff_show(desk, login, &person);

	if (err == OUV_NOT_FOUND)
		ouv_log_error("there is nobody with the login %s", login);
	if (err != OUV_OK)
		return err;
	if (json)
		print_json(person);
	else
		print_person(person);
	json_decref(person);
	return OUV_OK;
}

void
cmd_staff_stops(const char *what, const struct ouv_leaving *leaving, bool json)
{
	json_t *cases = json_array(), *doc;

	for (size_t i = 0; i < leaving->case_count; i++)
		json_array_append_new(cases, json_string(leaving->cases[i]));
	doc = json_pack("{s:b, s:s, s:O}", what, 0, "why", "last-holders",
		"cases", cases);
	if (json)
		print_json(doc);
	else
		puts("not done: last-holders");
	for (size_t i = 0; !json && i < leaving->case_count; i++)
		puts(leaving->cases[i]);
	json_decref(doc);
	json_decref(cases);
}

static void
print_left(const struct ouv_leaving *leaving, const char *wrong, bool json)
{
	json_t *cases = json_array(), *doc;

	for (size_t i = 0; i < leaving->case_count; i++)
		json_array_append_new(cases, json_string(leaving->cases[i]));
	doc = json_pack("{s:b, s:s?, s:I, s:O}", "left", wrong == NULL, "why",
		wrong, "cases_closed_to_them", (json_int_t)leaving->left,
		"cases", cases);
	if (json) {
		print_json(doc);
	} else if (wrong == NULL) {
		printf("left; %" PRId64 " cases are closed to them\n",
			leaving->left);
	} else {
		printf("not done: %s\n", wrong);
		for (size_t i = 0; i < leaving->case_count; i++)
			printf("%s\n", leaving->cases[i]);
	}
	json_decref(doc);
	json_decref(cases);
}

static enum ouv_err
leave(struct ouv_desk *desk, const char *login, bool json)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_leaving leaving = { 0 };
	const char *wrong = NULL;
	enum ouv_err err;

	err = ouv_setup_staff_leave(desk, arena, login, &leaving, &wrong);
	if (err == OUV_OK || wrong != NULL)
		print_left(&leaving, wrong, json);
	return err;
}

int
cmd_staff_one(
	struct cmd_env *env, const char *verb, const char *login, bool json)
{
	struct ouv_office *office OUV_CLEANUP(ouv_office_free) = NULL;
	struct ouv_desk *desk OUV_CLEANUP(ouv_desk_close) = NULL;
	enum ouv_err err;

	err = ouv_office_new(env->config, OUV_DESK_OPERATOR, &office);
	if (err == OUV_OK)
		err = ouv_desk_open(office, &desk);
	if (err == OUV_OK)
		err = strcmp(verb, "show") == 0 ? show(desk, login, json)
						: leave(desk, login, json);
	return cmd_status(err);
}
