/*
 * view_news.c - somebody logged in as the reader from another browser
 */
#include "ouv/log.h"

#include "account.h"

void
view_news(struct request *request, json_t *data)
{
	struct ouv_visit visit;
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);
	int64_t at = 0;

	session_visit(request, &visit);
	if (err == OUV_OK)
		err = ouv_desk_device_news(
			desk, request->actor, visit.device, &at);
	if (err != OUV_OK)
		ouv_log_warn("no news of logins could be had");
	view_time(request, data, "news", at);
	view_line(data, "news_csrf",
		session_token(request, "/profile/sessions/known"));
}
