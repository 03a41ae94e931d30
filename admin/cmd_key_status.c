/*
 * cmd_key_status.c - key status, key backup: how the office's keys stand
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "ouv/escrow.h"

static const struct remedy {
	const char *code, *words;
} remedies[] = {
	{ "open-to-others", "others can read a secret's file: chmod 600" },
	{ "unreadable", "a secret's file cannot be read: its owner, its 64 "
			"digits" },
	{ "does-not-fit", "a secret is not the one of this database: restore "
			  "the file" },
	{ "half-changed", "a change of a secret was cut short: the same "
			  "`ouvidoria key rotate` again" },
	{ "no-backup", "a secret is not sealed to ESCROW: ouvidoria key "
		       "backup, on the host that has it" },
	{ "not-certified", "ROOT did not certify a key: who wrote it into the "
			   "database?" },
	{ "no-escrow", "cases without a key under ESCROW: two custodians could "
		       "not open them" },
	{ "nobody", "cases that nobody here can open: ouvidoria escrow open, "
		    "with two custodians (docs/keys.md, the ceremony)" },
	{ "no-recovery", "colleagues without a recovery code of their own: "
			 "/profile/recovery" },
};

static const char *
text_of(const json_t *doc, const char *key)
{
	return json_string_value(json_object_get(doc, key));
}

static void
print_number(const json_t *status, const char *key, const char *words)
{
	printf("%-10" JSON_INTEGER_FORMAT " %s\n",
		json_integer_value(json_object_get(status, key)), words);
}

static void
print_remedies(const json_t *wrong)
{
	json_t *code;
	size_t i;

	json_array_foreach((json_t *)wrong, i,
		code) for (size_t r = 0;
			   r < sizeof(remedies) / sizeof(remedies[0]); r++)
	{
		if (strcmp(remedies[r].code, json_string_value(code)) == 0)
			printf("wrong: %s: %s\n", remedies[r].code,
				remedies[r].words);
	}
}

static void
print_day(const json_t *doc, const char *key, const char *before)
{
	time_t at = (time_t)json_integer_value(json_object_get(doc, key));
	char day[16] = "";
	struct tm tm;

	if (at != 0 && localtime_r(&at, &tm) != NULL)
		(void)strftime(day, sizeof(day), "%Y-%m-%d", &tm);
	printf("%s%s", *day != '\0' ? before : "", day);
}

static void
print_key(const json_t *key)
{
	printf("%-10s version %" JSON_INTEGER_FORMAT ", %s, %s, %s",
		text_of(key, "name"),
		json_integer_value(json_object_get(key, "version")),
		json_is_true(json_object_get(key, "certified"))
			? "certified"
			: "not certified",
		json_is_true(json_object_get(key, "backed_up")) ? "backed up"
								: "no backup",
		text_of(key, "file"));
	print_day(key, "made_at", ", of ");
	(void)putchar('\n');
	if (!json_is_true(json_object_get(key, "former")))
		return;
	printf("           the one before is not retired; moved "
	       "%" JSON_INTEGER_FORMAT "\n",
		json_integer_value(json_object_get(key, "moved")));
	cmd_key_waits(key, "           ");
	if (json_array_size(json_object_get(key, "waits")) == 0)
		puts("           nothing waits: ouvidoria key retire");
}

static void
print_status(const json_t *status)
{
	json_t *key;
	size_t i;

	json_array_foreach(json_object_get(status, "keys"), i, key)
		print_key(key);
	print_number(status, "cases", "cases");
	print_number(status, "no_escrow", "without a key under ESCROW");
	print_number(status, "nobody", "that nobody here can open");
	print_number(status, "rekey_due", "wait for a new key");
	print_number(status, "people", "colleagues");
	print_number(status, "no_recovery", "without a recovery code");
	print_number(status, "escrow_given", "keys came out of the escrow");
	if (json_integer_value(json_object_get(status, "drill_at")) == 0) {
		puts("no drill     `ouvidoria key drill` with two sheets of "
		     "ESCROW tells whether they are good");
	} else {
		print_day(status, "drill_at", "");
		puts(" last drill");
	}
	print_remedies(json_object_get(status, "wrong"));
}

int
cmd_key_status(struct cmd_env *env, bool json)
{
	json_t *status = NULL;
	enum ouv_err err = ouv_key_status(env->config, &status);
	bool ok;

	if (err != OUV_OK)
		return cmd_status(err);
	if (json) {
		(void)json_dumpf(status, stdout, JSON_COMPACT);
		(void)putchar('\n');
	} else {
		print_status(status);
	}
	ok = json_is_true(json_object_get(status, "ok"));
	json_decref(status);
	return ok ? 0 : 1;
}

int
cmd_key_backup(struct cmd_env *env)
{
	int sealed = 0;
	enum ouv_err err = ouv_key_back_up(env->config, &sealed);

	if (err == OUV_OK)
		printf("sealed %d\n", sealed);
	return cmd_status(err);
}
