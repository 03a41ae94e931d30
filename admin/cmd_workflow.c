/*
 * cmd_workflow.c - the table the programs run on, as data or as a picture
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "ouv/case.h"

/* ---- lists of labels ----------------------------------------------------- */

static const char *
state_label(int bit)
{
	return ouv_state_name((enum ouv_state)bit);
}

static const char *
role_label(int bit)
{
	return ouv_role_name((enum ouv_role)bit);
}

static const char *
guard_label(int bit)
{
	return ouv_guard_name((enum ouv_guard)bit);
}

static const char *
clock_label(int bit)
{
	return ouv_clock_name((enum ouv_clock)bit);
}

static json_t *
labels(uint64_t bits, int count, const char *(*label)(int bit))
{
	json_t *list = json_array();

	for (int i = 0; i < count; i++)
		if ((bits >> i & 1) != 0)
			(void)json_array_append_new(
				list, json_string(label(i)));
	return list;
}

static json_t *
states_of(uint32_t bits)
{
	return labels(bits, OUV_STATE__COUNT, state_label);
}

static json_t *
clocks_of(uint32_t bits)
{
	return labels(bits, OUV_CLOCK__COUNT, clock_label);
}

/* ---- the table as data ----------------------------------------------------
 */

static json_t *
text_of(const char *name)
{
	return name == NULL ? json_null() : json_sprintf("mail/%s", name);
}

/* Only clocks of the state it leads to are started. */
static uint32_t
starts(const struct ouv_move *move)
{
	uint32_t clocks = 0;

	for (int s = 0; s < OUV_STATE__COUNT; s++)
		if ((move->to & OUV_STATE_BIT(s)) != 0)
			clocks |= ouv_state_info((enum ouv_state)s)->clocks;
	return move->start & clocks;
}

static json_t *
row_of(const struct ouv_move *move)
{
	json_t *row = json_pack("{s:o, s:b, s:o, s:s, s:o, s:o, s:o}", "from",
		states_of(move->from), "new",
		(int)((move->from & OUV_STATE_NEW) != 0), "to",
		states_of(move->to != 0 ? move->to : move->from), "action",
		ouv_action_name(move->action), "roles",
		labels(move->roles, OUV_ROLE__COUNT, role_label), "second",
		labels(move->second, OUV_ROLE__COUNT, role_label), "guards",
		labels(move->guards, OUV_GUARD__COUNT, guard_label));

	(void)json_object_set_new(row, "clocks",
		json_pack("{s:o, s:o, s:o, s:o}", "start",
			clocks_of(starts(move)), "stop", clocks_of(move->stop),
			"pause", clocks_of(move->pause), "resume",
			clocks_of(move->resume)));
	(void)json_object_set_new(row, "consumer", text_of(move->text[0]));
	(void)json_object_set_new(row, "company", text_of(move->text[1]));
	return row;
}

static json_t *
state_of(enum ouv_state state)
{
	const struct ouv_state_info *info = ouv_state_info(state);

	return json_pack("{s:s, s:b, s:s, s:o}", "name", ouv_state_name(state),
		"open", (int)info->open, "owes", ouv_owes_name(info->owes),
		"clocks", clocks_of(info->clocks));
}

static void
print_json(const struct ouv_move *moves, size_t count)
{
	json_t *doc = json_object(), *states = json_array();
	json_t *rows = json_array(), *acts = json_array();

	for (int s = 0; s < OUV_STATE__COUNT; s++)
		(void)json_array_append_new(
			states, state_of((enum ouv_state)s));
	for (size_t i = 0; i < count; i++) {
		json_t *row = row_of(&moves[i]);

		if (moves[i].n > 0)
			(void)json_object_set_new(
				row, "n", json_integer(moves[i].n));
		(void)json_array_append_new(moves[i].n > 0 ? rows : acts, row);
	}
	(void)json_object_set_new(doc, "states", states);
	(void)json_object_set_new(doc, "moves", rows);
	(void)json_object_set_new(doc, "acts", acts);
	(void)json_dumpf(doc, stdout, JSON_COMPACT);
	(void)putchar('\n');
	json_decref(doc);
}

/* ---- the table as a picture -----------------------------------------------
 */

/* Who owes the next step, as a tint. */
static const char *const tints[OUV_OWES__COUNT] = {
	[OUV_OWES_NONE] = "#eeeeee",
	[OUV_OWES_OFFICE] = "#dce9f7",
	[OUV_OWES_CONSUMER] = "#e4f2dc",
	[OUV_OWES_COMPANY] = "#fbeed5",
	[OUV_OWES_BOTH] = "#f3e2f2",
};

static void
print_states(void)
{
	for (int s = 0; s < OUV_STATE__COUNT; s++) {
		const struct ouv_state_info *info =
			ouv_state_info((enum ouv_state)s);

		printf("\t\"%s\" [fillcolor=\"%s\"%s];\n",
			ouv_state_name((enum ouv_state)s), tints[info->owes],
			info->open ? "" : ", peripheries=2");
	}
}

static void
print_edge(const struct ouv_move *move, const char *from, enum ouv_state to)
{
	printf("\t\"%s\" -> \"%s\" [label=\"%d %s\"];\n", from,
		ouv_state_name(to), move->n, ouv_action_name(move->action));
}

/* "Any open state" and "the state before" would hide all other edges. */
static bool
is_wide(uint32_t states)
{
	int count = 0;

	for (; states != 0; states &= states - 1)
		count++;
	return count > 4;
}

static void
print_move(const struct ouv_move *move)
{
	const uint32_t to = move->to != 0 ? move->to : move->from;

	for (int t = 0; t < OUV_STATE__COUNT; t++) {
		if ((to & OUV_STATE_BIT(t)) == 0 || is_wide(to))
			continue;
		if ((move->from & OUV_STATE_NEW) != 0)
			print_edge(move, "a message", (enum ouv_state)t);
		if (is_wide(move->from))
			print_edge(move, "any open", (enum ouv_state)t);
		for (int f = 0; f < OUV_STATE__COUNT && !is_wide(move->from);
			f++)
			if ((move->from & OUV_STATE_BIT(f)) != 0)
				print_edge(move,
					ouv_state_name((enum ouv_state)f),
					(enum ouv_state)t);
	}
	if (is_wide(to))
		printf("\t\"%s\" -> \"the state before\" [label=\"%d %s\"];\n",
			ouv_state_name(OUV_STATE_CLOSED), move->n,
			ouv_action_name(move->action));
}

static void
print_dot(const struct ouv_move *moves, size_t count)
{
	puts("digraph workflow {\n"
	     "\tgraph [rankdir=LR, fontname=\"sans-serif\"];\n"
	     "\tnode [shape=box, style=\"rounded,filled\", "
	     "fontname=\"sans-serif\", fillcolor=white];\n"
	     "\tedge [fontname=\"sans-serif\", fontsize=10];");
	print_states();
	for (size_t i = 0; i < count; i++)
		if (moves[i].n > 0)
			print_move(&moves[i]);
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
