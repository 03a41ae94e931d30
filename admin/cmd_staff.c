/*
 * cmd_staff.c - staff add, staff list
 */
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "ouv/grants.h"
#include "ouv/log.h"
#include "ouv/setup.h"

static const char usage[] =
	"usage: ouvidoria staff list [--json]\n"
	"       ouvidoria staff show LOGIN [--json]\n"
	"       ouvidoria staff leave LOGIN [--json]\n"
	"       ouvidoria staff add --login L --name N --role R [--lang T]\n"
	"           [--desk yes|no] [--invite | [--password-file F] "
	"[--ready]]\n"
	"           [--json]\n"
	"           --as ADMIN --as-password-file F\n"
	"       ouvidoria staff invite --login L [--all-the-same] [--json]\n"
	"           --as ADMIN --as-password-file F\n"
	"         | --root-share F --root-share F (role admin)\n";

struct wanted {
	struct ouv_setup_person person;
	const char *role, *lang, *desk;
	const char *password_file, *as_password_file, *share_files[2];
	bool json, wrong;
};

/* Options in the order of this table: name, and where its text goes. */
#define AT(field) offsetof(struct wanted, field)
/* clang-format off */
static const struct {
	const char *name;
	size_t at;
} texts[] = {
	{ "login",            AT(person.login) },
	{ "name",             AT(person.name) },
	{ "role",             AT(role) },
	{ "lang",             AT(lang) },
	{ "desk",             AT(desk) },
	{ "password-file",    AT(password_file) },
	{ "as",               AT(person.as_login) },
	{ "as-password-file", AT(as_password_file) },
	{ "root-share",       AT(share_files) },
};
/* clang-format on */
#define TEXTS (sizeof(texts) / sizeof(texts[0]))
#define OPT_FIRST 256
#define OPT_JSON (OPT_FIRST + (int)TEXTS)
#define OPT_INVITE (OPT_JSON + 1)
#define OPT_READY (OPT_JSON + 2)
#define OPT_SAME (OPT_JSON + 3)

static void
take_text(struct wanted *w, size_t option, const char *value)
{
	const char **text =
		(const char **)(void *)((char *)w + texts[option].at);

	/* The second share goes beside the first. */
	if (*text != NULL && texts[option].at == AT(share_files))
		text++;
	w->wrong = w->wrong || *text != NULL;
	*text = value;
}

static void
read_options(int argc, char **argv, struct wanted *w)
{
	struct option options[TEXTS + 5] = { 0 };
	int c;

	for (size_t i = 0; i < TEXTS; i++)
		options[i] = (struct option){ texts[i].name, required_argument,
			NULL, OPT_FIRST + (int)i };
	options[TEXTS] = (struct option){ "json", no_argument, NULL, OPT_JSON };
	options[TEXTS + 1] =
		(struct option){ "invite", no_argument, NULL, OPT_INVITE };
	options[TEXTS + 2] =
		(struct option){ "ready", no_argument, NULL, OPT_READY };
	options[TEXTS + 3] =
		(struct option){ "all-the-same", no_argument, NULL, OPT_SAME };
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_JSON)
			w->json = true;
		else if (c == OPT_INVITE)
			w->person.invite = true;
		else if (c == OPT_READY)
			w->person.ready = true;
		else if (c == OPT_SAME)
			w->person.all_the_same = true;
		else if (c >= OPT_FIRST && c < OPT_JSON)
			take_text(w, (size_t)(c - OPT_FIRST), optarg);
		else
			w->wrong = true;
	}
}

static enum ouv_err
slurp(struct ouv_arena *arena, const char *path, const char **text_out)
{
	char text[1024];
	size_t len;
	enum ouv_err err;

	if (path == NULL)
		return OUV_OK;
	err = ouv_secret_read(path, text, sizeof(text), &len);
	if (err == OUV_OK)
		*text_out = ouv_arena_strndup(arena, text, len);
	ouv_wipe(text, sizeof(text));
	return err;
}

/* The code alone: everything else is its owner's to choose. */
static void
print_invited(const struct wanted *w, const struct ouv_setup_credentials *made)
{
	if (w->json)
		printf("{\"login\":\"%s\",\"invitation\":\"%s\"}\n",
			w->person.login, made->invitation);
	else
		printf("login %s\ninvitation %s\n", w->person.login,
			made->invitation);
}

static void
print_added(const struct wanted *w, const struct ouv_setup_credentials *made)
{
	json_t *doc = json_pack("{s:s, s:s, s:s, s:s, s:s}", "role", w->role,
		"login", w->person.login, "password",
		w->person.password != NULL ? w->person.password
					   : made->password,
		"totp_secret", made->totp_secret, "recovery_code",
		made->recovery);
	char *text = json_dumps(doc, JSON_COMPACT);

	if (w->json)
		puts(text != NULL ? text : "{}");
	else
		printf("login %s\npassword %s\ntotp_secret %s\n"
		       "recovery_code %s\n",
			w->person.login,
			w->person.password != NULL ? "(as given)"
						   : made->password,
			made->totp_secret, made->recovery);
	free(text);
	json_decref(doc);
}

/* Shares and passwords out of their files. */
static enum ouv_err
read_files(struct ouv_arena *arena, struct wanted *w)
{
	enum ouv_err err;

	err = slurp(arena, w->password_file, &w->person.password);
	if (err == OUV_OK)
		err = slurp(arena, w->as_password_file, &w->person.as_password);
	if (err == OUV_OK && w->share_files[1] != NULL)
		err = slurp(arena, w->share_files[0], &w->person.share_a);
	if (err == OUV_OK && w->share_files[1] != NULL)
		err = slurp(arena, w->share_files[1], &w->person.share_b);
	return err;
}

static bool
is_complete(struct wanted *w, bool is_new)
{
	if (w->person.login == NULL || w->share_files[1] != NULL)
		return w->person.login != NULL;
	if (is_new && w->person.invite && w->password_file != NULL)
		return false;
	return w->person.as_login != NULL && w->as_password_file != NULL;
}

static void
complete(struct cmd_env *env, struct wanted *w)
{
	w->person.lang = ouv_lang_parse(w->lang,
		ouv_lang_parse(env->config->office_language, OUV_LANG_PT_BR));
	/* Intake and mediators open what arrives; nobody else by default. */
	w->person.on_desk =
		w->desk != NULL ? strcmp(w->desk, "yes") == 0
				: w->person.role == OUV_ROLE_INTAKE ||
					  w->person.role == OUV_ROLE_MEDIATOR;
}

static int
add(struct cmd_env *env, struct wanted *w, bool is_new)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_office *office OUV_CLEANUP(ouv_office_free) = NULL;
	struct ouv_desk *desk OUV_CLEANUP(ouv_desk_close) = NULL;
	struct ouv_setup_credentials made;
	struct ouv_leaving leaving = { 0 };
	enum ouv_err err;

	if (!is_complete(w, is_new) ||
		(is_new && (w->person.name == NULL ||
				   ouv_role_parse(w->role, &w->person.role) !=
					   OUV_OK ||
				   w->person.role >= OUV_ROLE_GATEWAY))) {
		fputs(usage, stderr);
		return 2;
	}
	complete(env, w);
	err = read_files(arena, w);
	if (err == OUV_OK)
		err = ouv_office_new(env->config, OUV_DESK_OPERATOR, &office);
	if (err == OUV_OK)
		err = ouv_desk_open(office, &desk);
	if (err == OUV_OK)
		err = is_new ? ouv_setup_staff_add(desk, &w->person, &made)
			     : ouv_setup_staff_invite(desk, arena, &w->person,
				       &made, &leaving);
	if (leaving.case_count > 0)
		cmd_staff_stops("invited", &leaving, w->json);
	else if (err != OUV_OK)
		ouv_log_error("nobody was %s: %s", is_new ? "added" : "invited",
			ouv_err_name(err));
	else if (made.invitation[0] != '\0')
		print_invited(w, &made);
	else
		print_added(w, &made);
	ouv_wipe(&made, sizeof(made));
	return cmd_status(err);
}

static int
list(struct cmd_env *env, bool json)
{
	struct ouv_office *office OUV_CLEANUP(ouv_office_free) = NULL;
	struct ouv_desk *desk OUV_CLEANUP(ouv_desk_close) = NULL;
	json_t *people = NULL, *p;
	size_t i;
	enum ouv_err err;

	err = ouv_office_new(env->config, OUV_DESK_OPERATOR, &office);
	if (err == OUV_OK)
		err = ouv_desk_open(office, &desk);
	if (err == OUV_OK)
		err = ouv_setup_staff_list(desk, &people);
	if (err != OUV_OK)
		return cmd_status(err);
	if (json) {
		(void)json_dumpf(people, stdout, JSON_COMPACT);
		(void)putchar('\n');
	} else {
		json_array_foreach(people, i, p) printf("%-20s %-10s %s\n",
			json_string_value(json_object_get(p, "login")),
			json_string_value(json_object_get(p, "role")),
			json_string_value(json_object_get(p, "name")));
	}
	json_decref(people);
	return 0;
}

int
cmd_staff(struct cmd_env *env, int argc, char **argv)
{
	struct wanted w = { 0 };
	const char *verb;

	read_options(argc, argv, &w);
	verb = argc > optind ? argv[optind] : "";
	if (!w.wrong && argc - optind == 2 &&
		(strcmp(verb, "show") == 0 || strcmp(verb, "leave") == 0))
		return cmd_staff_one(env, verb, argv[optind + 1], w.json);
	if (argc - optind != 1)
		verb = "";
	if (!w.wrong && strcmp(verb, "add") == 0)
		return add(env, &w, true);
	if (!w.wrong && strcmp(verb, "invite") == 0)
		return add(env, &w, false);
	if (!w.wrong && strcmp(verb, "list") == 0)
		return list(env, w.json);
	fputs(usage, stderr);
	return 2;
}
