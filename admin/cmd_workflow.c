/*
 * cmd_workflow.c - the table the programs run on, as data or as a picture
 */
#include <stdio.h>
#include <string.h>
#include <jansson.h>

#include "cmd.h"
#include "ouv/case.h"

static const char *
from_name(const struct ouv_move *move)
{
	return move->from == OUV_STATE__COUNT ? "" : ouv_state_name(move->from);
}

static json_t *
roles_of(const struct ouv_move *move)
{
	json_t *roles = json_array();

	for (int r = 0; r < OUV_ROLE__COUNT; r++)
		if (move->roles & OUV_ROLE_BIT(r))
			(void)json_array_append_new(roles,
				json_string(ouv_role_name((enum ouv_role)r)));
	return roles;
}

static void
print_json(const struct ouv_move *moves, size_t count)
{
	json_t *doc = json_object(), *states = json_array(),
	       *rows = json_array();

	for (int s = 0; s < OUV_STATE__COUNT; s++)
		(void)json_array_append_new(states,
			json_pack("{s:s, s:b}", "name",
				ouv_state_name((enum ouv_state)s), "open",
				(int)ouv_state_is_open((enum ouv_state)s)));
	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(rows,
			json_pack("{s:i, s:s, s:s, s:s, s:o}", "n", (int)i + 1,
				"from", from_name(&moves[i]), "to",
				ouv_state_name(moves[i].to), "action",
				ouv_action_name(moves[i].action), "roles",
				roles_of(&moves[i])));
	(void)json_object_set_new(doc, "states", states);
	(void)json_object_set_new(doc, "moves", rows);
	(void)json_dumpf(doc, stdout, JSON_COMPACT);
	(void)putchar('\n');
	json_decref(doc);
}

static void
print_dot(const struct ouv_move *moves, size_t count)
{
	puts("digraph workflow {\n\trankdir=LR;\n\tnode [shape=box];");
	for (size_t i = 0; i < count; i++)
		if (moves[i].from != moves[i].to)
			printf("\t\"%s\" -> \"%s\" [label=\"%s\"];\n",
				moves[i].from == OUV_STATE__COUNT
					? "mail"
					: from_name(&moves[i]),
				ouv_state_name(moves[i].to),
				ouv_action_name(moves[i].action));
	puts("}");
}

int
cmd_workflow(struct cmd_env *env, int argc, char **argv)
{
	size_t count;
	const struct ouv_move *moves = ouv_workflow_rows(&count);

	(void)env;
	if (argc == 2 && strcmp(argv[1], "--json") == 0)
		print_json(moves, count);
	else if (argc == 2 && strcmp(argv[1], "--dot") == 0)
		print_dot(moves, count);
	else {
		fputs("usage: ouvidoria workflow --json | --dot\n", stderr);
		return 2;
	}
	return 0;
}
