/*
 * bench_clock.c - milliseconds of a move, and of counting clocks again
 *
 *   bench_clock CONFIG move CASE...   each case is withdrawn by its consumer:
 *                                     guards, clocks, letter, log, commit
 *   bench_clock CONFIG recompute      every running clock is counted again
 *
 * One line: what was done, how often, and the milliseconds (the median of the
 * moves).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/desk/move.h"
#include "ouv/clock.h"
#include "ouv/log.h"
#include "timing.h"

static enum ouv_err
withdraw(struct ouv_desk *desk, const char *hex)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct act act = { .action = OUV_ACTION_WITHDRAW,
		.role = OUV_ROLE_CONSUMER,
		.source = "link",
		.auth = true,
		.now = ouv_clock_now() };
	uint64_t failed;
	int version;

	TRY(ouv_id_parse(hex, &act.case_id));
	TRY(store_begin(desk->store, &tx));
	TRY(store_party_side(
		tx, &act.case_id, "consumer", &act.party, &version));
	TRY(act_run(desk, tx, arena, &act, &failed));
	return store_commit(&tx);
}

static enum ouv_err
moves(struct ouv_desk *desk, char **cases, int count)
{
	double *took = calloc((size_t)count, sizeof(*took));
	enum ouv_err err = took == NULL ? OUV_TEMPORARY : OUV_OK;

	for (int i = 0; i < count && err == OUV_OK; i++) {
		double begun = millis();

		err = withdraw(desk, cases[i]);
		took[i] = millis() - begun;
	}
	if (err == OUV_OK) {
		printf("{\"done\": %d, \"ms\": %.3f}\n", count,
			median(took, count));
	}
	free(took);
	return err;
}

static enum ouv_err
recompute(struct ouv_desk *desk)
{
	double begun = millis();
	int64_t changed;

	TRY(ouv_desk_recompute(desk, NULL, &changed));
	printf("{\"done\": %lld, \"ms\": %.3f}\n", (long long)changed,
		millis() - begun);
	return OUV_OK;
}

int
main(int argc, char **argv)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_config config;
	struct ouv_office *office = NULL;
	struct ouv_desk *desk = NULL;
	enum ouv_err err;

	if (argc < 3)
		return 2;
	ouv_log_init("bench", OUV_LOG_INFO);
	ouv_vault_init();
	err = ouv_config_load(arena, argv[1], stderr, &config);
	if (err == OUV_OK)
		err = ouv_office_new(&config, OUV_DESK_GATEWAY, &office);
	if (err == OUV_OK)
		err = ouv_desk_open(office, &desk);
	if (err == OUV_OK)
		err = strcmp(argv[2], "move") == 0
			      ? moves(desk, argv + 3, argc - 3)
			      : recompute(desk);
	ouv_desk_close(&desk);
	ouv_office_free(&office);
	return err != OUV_OK;
}
