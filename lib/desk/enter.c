/*
 * enter.c - somebody logs in for one command, and gave their code for it
 */
#include <string.h>

#include "desk_impl.h"

enum ouv_err
ouv_desk_enter(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_credentials *entry, struct ouv_actor **actor_out,
	int *wait_secs_out)
{
	struct ouv_visit visit = { .user_agent = entry->agent };
	uint8_t token[32];
	enum ouv_err err;

	/* No browser that anybody will come back with. */
	ouv_random(visit.device, sizeof(visit.device));
	err = ouv_desk_login(desk, entry->login, entry->password, entry->code,
		&visit, token, wait_secs_out);
	if (err == OUV_OK)
		err = ouv_desk_session(desk, arena, token, actor_out);
	ouv_wipe(token, sizeof(token));
	if (err == OUV_OK)
		(*actor_out)->stepped = true;
	return err;
}
