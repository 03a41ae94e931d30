/*
 * cmd_key_change.c - key rotate, retire, drill: another secret for one of the
 * office's own, and whether the sheets of paper are still good
 */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "ouv/rotation.h"

static enum ouv_err
read_shares(
	struct ouv_arena *arena, const struct cmd_key *key, const char *out[2])
{
	enum ouv_err err = cmd_secret(arena, key->shares[0], &out[0]);

	return err == OUV_OK ? cmd_secret(arena, key->shares[1], &out[1]) : err;
}

static const struct next {
	const char *name, *words;
} next[] = {
	{ "svc", "the gateway, then the console" },
	{ "k-id", "the console and the gateway, in either order" },
	{ "k-tok", "the console and the gateway, in either order" },
	{ "gw-sig", "the gateway" },
	{ "srv-sig", "the console" },
	{ "pepper", "the console, at once: whoever is added before cannot log "
		    "in" },
};

static void
tell_next(const char *name, int version)
{
	printf("%s version %d\n", name, version);
	for (size_t i = 0; i < sizeof(next) / sizeof(next[0]); i++)
		if (strncmp(next[i].name, name, 3) == 0)
			printf("next: start again: %s (systemctl reload or "
			       "restart)\n",
				next[i].words);
	printf("then: `ouvidoria key status` until nothing waits\n"
	       "then: `ouvidoria key retire %s` destroys the one before\n",
		name);
}

int
cmd_key_rotate(struct cmd_env *env, const struct cmd_key *key)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	const char *shares[2];
	int version = 0;
	enum ouv_err err = read_shares(arena, key, shares);

	if (err == OUV_OK)
		err = ouv_key_rotate(
			env->config, key->name, shares[0], shares[1], &version);
	if (err == OUV_OK)
		tell_next(key->name, version);
	return cmd_status(err);
}

static const struct wait {
	const char *code, *words;
} waits[] = {
	{ "gateway",
		"the gateway was not started with the new one: reload it" },
	{ "server", "the console was not started with the new one: reload it "
		    "(it follows the gateway by itself)" },
	{ "moving", "the gateway still moves what lies under the one before" },
	{ "people", "colleagues have not logged in, or have not made another "
		    "recovery code, since; with --all-the-same they need an "
		    "invitation" },
	{ "links", "links of parties made before have not run out; with "
		   "--all-the-same they open nothing any more" },
	{ "letters",
		"cases that are open or may be opened again have letters of "
		"before; with --all-the-same answers to those are told by "
		"their sender alone, and their links open nothing" },
	{ "coming", "mails that came in before are not filed yet" },
	{ "names",
		"addresses and messages are known by the one before: each is "
		"taken over when somebody opens its case, or another that they "
		"can open; with --all-the-same what is left is not known again "
		"(what comes from there opens a case of its own or is held)" },
	{ "ties", "ties to consumers whose address nobody has read since: open "
		  "a case of theirs; with --all-the-same these ties end, and "
		  "are to be entered again where the consumer writes again" },
	{ "held", "held mails came before: decide about them; with "
		  "--all-the-same they cannot be given back to the gateway" },
	{ "recent",
		"mails came within seven days before: with --all-the-same one "
		"that is delivered once more is filed once more" },
};

/* What is counted, in the order in which it is told. */
static const struct wait counts[] = {
	{ "links", "links" },
	{ "letters", "cases with letters of before" },
	{ "live", "of them open, or to be opened again" },
	{ "names", "addresses and messages known by the one before" },
	{ "cases", "cases that have them" },
	{ "lost", "of them in no readable message of their case" },
	{ "ties", "ties" },
	{ "coming", "mails to be filed" },
	{ "held", "held mails of before" },
	{ "recent", "mails of the last seven days from before" },
};

static void
print_number(const json_t *found, const char *before, const char *key,
	const char *words)
{
	json_int_t n = json_integer_value(json_object_get(found, key));

	if (n > 0)
		printf("%s%s: %" JSON_INTEGER_FORMAT "\n", before, words, n);
}

void
cmd_key_waits(const json_t *found, const char *before)
{
	const json_t *codes = json_object_get(found, "waits");
	const json_t *left = json_object_get(found, "left");

	for (size_t i = 0; i < json_array_size(codes); i++) {
		const char *code = json_string_value(json_array_get(codes, i));

		for (size_t w = 0; w < sizeof(waits) / sizeof(waits[0]); w++)
			if (strcmp(waits[w].code, code) == 0)
				printf("%swaits: %s: %s\n", before, code,
					waits[w].words);
	}
	for (size_t i = 0; i < json_array_size(left); i++)
		printf("%snot since: %s\n", before,
			json_string_value(json_array_get(left, i)));
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		print_number(found, before, counts[i].code, counts[i].words);
}

int
cmd_key_retire(struct cmd_env *env, const struct cmd_key *key)
{
	json_t *found = NULL;
	enum ouv_err err = ouv_key_retire(
		env->config, key->name, key->all_the_same, &found);

	if (err == OUV_OK)
		printf("%s: the one before is destroyed\nnext: reload once "
		       "more what held it: memory forgets it then\n",
			key->name);
	else if (err == OUV_CONFLICT)
		cmd_key_waits(found, "");
	else if (err == OUV_NOT_FOUND)
		printf("%s: there is none before it\n", key->name);
	json_decref(found);
	return cmd_status(err);
}

int
cmd_key_drill(struct cmd_env *env, const struct cmd_key *key)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	const char *shares[2];
	int opened = 0;
	enum ouv_err err = read_shares(arena, key, shares);

	if (err == OUV_OK)
		err = ouv_key_drill(env->config, shares[0], shares[1], &opened);
	if (err == OUV_OK)
		printf("opened %d\n", opened);
	return cmd_status(err);
}
