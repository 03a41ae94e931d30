/*
 * distrust.c - a certificate or a signature that does not hold is an entry in
 * the office's own log: once a day for each key
 *
 * Whoever finds it is in the middle of a transaction that will be undone.  So
 * it is remembered here, and written by whoever comes by at a quiet moment.
 */
#include <stdio.h>
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"
#include "ouv/history.h"
#include "ouv/log.h"
#include "ouv/store_keys.h"

#define DAY_US INT64_C(86400000000)

static bool
is_same(const struct distrusted *one, const char *action,
	const struct ouv_id *object, const char *name)
{
	return strcmp(one->action, action) == 0 &&
	       ouv_id_equal(&one->object, object) &&
	       strcmp(one->name, name) == 0;
}

/* Where it stands, or could; NULL: there is no room, the log of the program
 * has to do. */
static struct distrusted *
place(struct ouv_office *office, const char *action,
	const struct ouv_id *object, const char *name, int64_t since)
{
	struct distrusted *list = office->distrusted;

	for (size_t i = 0; i < office->distrusted_count; i++)
		if (is_same(&list[i], action, object, name))
			return &list[i];
	for (size_t i = 0; i < office->distrusted_count; i++)
		if (list[i].written && list[i].at_us < since)
			return &list[i];
	if (office->distrusted_count == DISTRUSTED_MOST)
		return NULL;
	return &list[office->distrusted_count++];
}

void
distrust(struct ouv_desk *desk, const char *action, const struct ouv_id *object,
	const char *name)
{
	struct ouv_office *office = desk->office;
	const int64_t now = ouv_clock_now_us(), since = now - DAY_US;
	struct distrusted *one;

	(void)pthread_mutex_lock(&office->signer.lock);
	one = place(office, action, object, name, since);
	if (one != NULL && (one->action == NULL || one->at_us < since ||
				   !is_same(one, action, object, name))) {
		*one = (struct distrusted){
			.action = action, .object = *object, .at_us = now
		};
		(void)snprintf(one->name, sizeof(one->name), "%s", name);
	}
	(void)pthread_mutex_unlock(&office->signer.lock);
}

/* What is to be written, one of it; marked, so that nobody else writes it. */
static bool
take(struct ouv_office *office, struct distrusted *out)
{
	bool found = false;

	(void)pthread_mutex_lock(&office->signer.lock);
	for (size_t i = 0; !found && i < office->distrusted_count; i++) {
		struct distrusted *one = &office->distrusted[i];

		found = !one->written;
		one->written = true;
		*out = *one;
	}
	(void)pthread_mutex_unlock(&office->signer.lock);
	return found;
}

static void
give_back(struct ouv_office *office, const struct distrusted *taken)
{
	(void)pthread_mutex_lock(&office->signer.lock);
	for (size_t i = 0; i < office->distrusted_count; i++) {
		struct distrusted *one = &office->distrusted[i];

		if (is_same(one, taken->action, &taken->object, taken->name))
			one->written = false;
	}
	(void)pthread_mutex_unlock(&office->signer.lock);
}

/* The number of the case it is about, else what was said of it. */
static enum ouv_err
write_one(struct ouv_desk *desk, const struct distrusted *one)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const char *number;
	struct ouv_str name;
	bool said;

	TRY(store_begin(desk->store, &tx));
	TRY(store_distrust_said(tx, arena, one->action, &one->object, one->name,
		one->at_us - DAY_US, &said, &number));
	if (number == NULL)
		number = one->name;
	name = (struct ouv_str){ number, strlen(number) };
	if (!said)
		TRY(log_own_named(
			desk, tx, NULL, one->action, &one->object, name));
	return store_commit(&tx);
}

void
ouv_desk_distrust_write(struct ouv_desk *desk)
{
	struct distrusted one;

	/* An operator reads it on the screen. */
	if (desk->office->kind == OUV_DESK_OPERATOR)
		return;
	while (take(desk->office, &one)) {
		const enum ouv_err err = write_one(desk, &one);

		if (err == OUV_OK)
			continue;
		ouv_log_warn("that a key does not hold was not written down: "
			     "%s",
			ouv_err_name(err));
		give_back(desk->office, &one);
		return;
	}
}
