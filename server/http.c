/*
 * http.c - libmicrohttpd as we use it; no other file knows it
 *
 * A thread pool with blocking code.  A request is looked at by the gate before
 * anything else, its body is collected under a limit, and only a whole
 * request is answered.  What the library has not: a limit in wall-clock time
 * (its own is inactivity only, so a byte now and then keeps a connection for
 * ever) and waiting for requests in flight; both are here.
 */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <microhttpd.h>

#include "ouv/clock.h"
#include "ouv/log.h"

#include "api.h"
#include "http.h"
#include "incoming.h"
#include "metrics.h"
#include "page.h"
#include "reply.h"
#include "route.h"

#define CONNECTIONS 512
#define CONNECTION_MEMORY ((size_t)64 * 1024) /* above the proxy's limits */
#define IDLE_SECS 15U
#define REQUEST_MS 30000
#define SENDING_MS 900000 /* a large file over a slow line */
#define PIECE ((size_t)64 * 1024)
#define FORM_TYPE "application/x-www-form-urlencoded"

/* A connection, in a list that the watch walks. */
struct line {
	int socket;
	int64_t since_ms; /* of the request, or of the wait for one */
	struct line *next, **link;
};

struct http {
	const struct server *server;
	struct MHD_Daemon *daemon;
	int socket;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t watch;
	struct line *lines; /* these four under the lock */
	unsigned busy;
	bool draining, stop;
};

/* One request, from its first line to the end of its answer. */
struct exchange {
	struct ouv_arena *arena; /* NULL once the response owns it */
	struct request *request; /* in the arena                    */
	const char *target;
	const char *method, *route; /* for the log; static strings */
	struct ouv_buf body;
	bool begun;
	int64_t started_ms;
	int status;
	size_t bytes;
};

/* An answer on its way that is more than was ready at once. */
struct sending {
	struct ouv_arena *arena;
	struct http *http;
	struct exchange *exchange;
	struct MHD_Connection *connection;
	struct ouv_str ready;
	more_fn *more;
	void *user;
	int64_t until_ms;
};

/* ---- connections and their time ------------------------------------------ */

static void
on_connection(void *cls, struct MHD_Connection *connection, void **context,
	enum MHD_ConnectionNotificationCode what)
{
	struct http *http = cls;
	struct line *line = *context;
	const union MHD_ConnectionInfo *info;

	(void)pthread_mutex_lock(&http->lock);
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		info = MHD_get_connection_info(
			connection, MHD_CONNECTION_INFO_CONNECTION_FD);
		line = calloc(1, sizeof(*line));
		if (line == NULL)
			abort();
		line->socket = info != NULL ? info->connect_fd : -1;
		line->since_ms = ouv_clock_mono_ms();
		line->next = http->lines;
		line->link = &http->lines;
		if (line->next != NULL)
			line->next->link = &line->next;
		http->lines = line;
		*context = line;
	} else if (line != NULL) {
		/* Its descriptor is closed after this, so none is shut down
		 * that has become another's. */
		*line->link = line->next;
		if (line->next != NULL)
			line->next->link = line->link;
		free(line);
		*context = NULL;
	}
	(void)pthread_mutex_unlock(&http->lock);
}

static void
restart_clock(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct line *line = info != NULL ? info->socket_context : NULL;

	if (line != NULL)
		line->since_ms = ouv_clock_mono_ms();
}

/* Cuts every connection whose request takes longer than it may. */
static void *
watch(void *cls)
{
	struct http *http = cls;
	struct timespec until;

	(void)pthread_mutex_lock(&http->lock);
	while (!http->stop) {
		int64_t least = ouv_clock_mono_ms() - REQUEST_MS;

		for (struct line *l = http->lines; l != NULL; l = l->next)
			if (l->since_ms < least)
				(void)shutdown(l->socket, SHUT_RDWR);
		(void)clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec++;
		(void)pthread_cond_timedwait(
			&http->changed, &http->lock, &until);
	}
	(void)pthread_mutex_unlock(&http->lock);
	return NULL;
}

/* ---- one request ------------------------------------------------------------
 */

/* The address as it came, before the library decodes it. */
static void *
on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
	struct http *http = cls;
	struct exchange *exchange = calloc(1, sizeof(*exchange));

	(void)connection;
	if (exchange == NULL)
		abort();
	exchange->arena = ouv_arena_new(OUV_ARENA_WIPE);
	exchange->target = ouv_arena_strdup(exchange->arena, target);
	exchange->started_ms = ouv_clock_mono_ms();
	exchange->method = exchange->route = "-";
	(void)pthread_mutex_lock(&http->lock);
	http->busy++;
	(void)pthread_mutex_unlock(&http->lock);
	return exchange;
}

static void
on_completed(void *cls, struct MHD_Connection *connection, void **context,
	enum MHD_RequestTerminationCode how)
{
	struct http *http = cls;
	struct exchange *exchange = *context;
	int64_t ms;

	if (exchange == NULL)
		return;
	ms = ouv_clock_mono_ms() - exchange->started_ms;
	ouv_log_info("request method=%s route=%s status=%d ms=%lld bytes=%zu"
		     "%s",
		exchange->method, exchange->route, exchange->status,
		(long long)ms, exchange->bytes,
		how == MHD_REQUEST_TERMINATED_COMPLETED_OK ? "" : " cut=1");
	metrics_request(exchange->status, ms);
	if (exchange->request != NULL) { /* it never came to an answer */
		incoming_cut(exchange->request);
		api_cut(exchange->request);
	}
	ouv_arena_free(&exchange->arena);
	free(exchange);
	ouv_stack_wipe();
	*context = NULL;
	(void)pthread_mutex_lock(&http->lock);
	restart_clock(connection);
	http->busy--;
	(void)pthread_cond_broadcast(&http->changed);
	(void)pthread_mutex_unlock(&http->lock);
}

static void
free_arena(void *cls)
{
	struct ouv_arena *arena = cls;

	ouv_arena_free(&arena);
}

static void
free_sending(void *cls)
{
	struct sending *sending = cls;
	struct ouv_arena *arena = sending->arena;

	ouv_arena_free(&arena);
}

/* Called when its reader has room; whoever reads on is not cut for taking
 * long, but nobody reads for ever. */
static ssize_t
on_room(void *cls, uint64_t position, char *out, size_t most)
{
	struct sending *sending = cls;
	size_t len = 0;

	(void)position;
	if (ouv_clock_mono_ms() > sending->until_ms)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	(void)pthread_mutex_lock(&sending->http->lock);
	restart_clock(sending->connection);
	(void)pthread_mutex_unlock(&sending->http->lock);
	if (sending->ready.len > 0) {
		len = sending->ready.len < most ? sending->ready.len : most;
		memcpy(out, sending->ready.p, len);
		sending->ready.p += len;
		sending->ready.len -= len;
	} else if (sending->more(sending->user, out, most, &len) != OUV_OK) {
		return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	sending->exchange->bytes += len;
	return len > 0 ? (ssize_t)len : MHD_CONTENT_READER_END_OF_STREAM;
}

/* The arena goes with the response, in either case. */
static struct MHD_Response *
make_response(struct http *http, struct exchange *exchange,
	struct MHD_Connection *connection)
{
	const struct response *out = &exchange->request->response;
	struct sending *sending;

	if (out->more == NULL) {
		exchange->bytes = out->body.len;
		return MHD_create_response_from_buffer_with_free_callback_cls(
			out->body.len,
			(void *)(out->body.p != NULL ? out->body.p : ""),
			free_arena, exchange->arena);
	}
	sending = ouv_arena_alloc(exchange->arena, sizeof(*sending));
	*sending = (struct sending){ .arena = exchange->arena,
		.http = http,
		.exchange = exchange,
		.connection = connection,
		.ready = out->body,
		.more = out->more,
		.user = out->more_user,
		.until_ms = ouv_clock_mono_ms() + SENDING_MS };
	return MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, PIECE, on_room, sending, free_sending);
}

static enum MHD_Result
send_response(struct http *http, struct exchange *exchange,
	struct MHD_Connection *connection)
{
	struct request *request = exchange->request;
	struct response *out = &request->response;
	struct MHD_Response *response;
	enum MHD_Result result;

	exchange->status = out->status;
	exchange->route = route_name(request);
	response = make_response(http, exchange, connection);
	if (response == NULL)
		return MHD_NO;
	for (size_t i = 0; i < out->header_count; i++)
		if (MHD_add_response_header(response, out->headers[i].name,
			    out->headers[i].value) != MHD_YES)
			ouv_log_error("header %s cannot be sent",
				out->headers[i].name);
	if (out->close || __atomic_load_n(&http->draining, __ATOMIC_RELAXED))
		(void)MHD_add_response_header(
			response, MHD_HTTP_HEADER_CONNECTION, "close");
	result =
		MHD_queue_response(connection, (unsigned)out->status, response);
	exchange->request = NULL;
	exchange->arena = NULL; /* goes with the response */
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result
refuse(struct http *http, struct exchange *exchange,
	struct MHD_Connection *connection, int status)
{
	exchange->request->response.close = true;
	if (status == 405)
		reply_header(exchange->request, "Allow", "GET, HEAD, POST");
	if (api_is(exchange->target))
		api_refuse(exchange->request, status);
	else if (exchange->request->is_view)
		page_view_refuse(exchange->request, status);
	else
		page_error(exchange->request, status);
	return send_response(http, exchange, connection);
}

struct gathering {
	struct ouv_arena *arena;
	struct header *headers;
	size_t count;
};

static enum MHD_Result
gather(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_len,
	const char *value, size_t value_len)
{
	struct gathering *g = cls;

	(void)kind;
	/* One more than the gate allows is enough to be refused. */
	if (g->count > GATE_HEADER_MAX)
		return MHD_NO;
	g->headers[g->count].name = ouv_arena_strndup(g->arena, key, key_len);
	g->headers[g->count++].value =
		value == NULL ? ""
			      : ouv_arena_strndup(g->arena, value, value_len);
	return MHD_YES;
}

/* clang-format off */
static const struct {
	const char *name;
	enum method method;
} methods[] = {
	{ "GET", METHOD_GET }, { "HEAD", METHOD_HEAD }, { "POST", METHOD_POST },
};
/* clang-format on */

static void
begin(struct http *http, struct exchange *exchange,
	struct MHD_Connection *connection, const char *method)
{
	struct ouv_arena *arena = exchange->arena;
	struct request *request = ouv_arena_alloc(arena, sizeof(*request));
	struct gathering g = { .arena = arena };

	exchange->begun = true;
	exchange->request = request;
	request->arena = arena;
	request->server = http->server;
	request->path = "/";
	request->query = "";
	request->lang = ouv_lang_parse(
		http->server->config->office_language, OUV_LANG_EN);
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(method, methods[i].name) == 0) {
			request->method = methods[i].method;
			exchange->method = methods[i].name;
		}
	g.headers =
		ouv_arena_array(arena, GATE_HEADER_MAX + 1, sizeof(*g.headers));
	(void)MHD_get_connection_values_n(
		connection, MHD_HEADER_KIND, gather, &g);
	request->headers = g.headers;
	request->header_count = g.count;
	reply_secure(request);
}

static void
split_target(struct exchange *exchange)
{
	struct request *request = exchange->request;
	const char *mark = strchr(exchange->target, '?');

	request->path =
		mark == NULL
			? exchange->target
			: ouv_arena_strndup(exchange->arena, exchange->target,
				  (size_t)(mark - exchange->target));
	request->query = mark == NULL ? "" : mark + 1;
}

/* What the gate lets pass must be a form of a size we take; 0: it is. */
static int
check_body(struct request *request)
{
	const char *type = header_find(
		request->headers, request->header_count, "Content-Type");
	const char *length = header_find(
		request->headers, request->header_count, "Content-Length");
	size_t len = strlen(FORM_TYPE);

	if (request->method != METHOD_POST)
		return 0;
	if (incoming_is(type))
		return incoming_begin(request, type, strtoll(length, NULL, 10));
	if (strtoll(length, NULL, 10) > FORM_BYTES)
		return 413;
	if (type == NULL || strncasecmp(type, FORM_TYPE, len) != 0 ||
		(type[len] != '\0' && type[len] != ';' && type[len] != ' '))
		return 415;
	return 0;
}

static enum MHD_Result
first_look_api(struct exchange *exchange, struct http *http,
	struct MHD_Connection *connection)
{
	if (!api_begin(exchange->request)) {
		exchange->request->response.close =
			exchange->request->method == METHOD_POST;
		return send_response(http, exchange, connection);
	}
	ouv_buf_init(&exchange->body, exchange->arena, 1024);
	return MHD_YES;
}

static enum MHD_Result
first_look(struct http *http, struct exchange *exchange,
	struct MHD_Connection *connection, const char *method)
{
	enum gate gate;
	int status;

	begin(http, exchange, connection, method);
	exchange->request->is_view = gate_is_view(&http->server->rules,
		exchange->request->headers, exchange->request->header_count);
	gate = gate_check(&http->server->rules, method, exchange->target,
		exchange->request->headers, exchange->request->header_count);
	if (gate != GATE_OK) {
		ouv_log_info("gate refused reason=%s", gate_name(gate));
		return refuse(http, exchange, connection, gate_status(gate));
	}
	split_target(exchange);
	if (!exchange->request->is_view && api_is(exchange->request->path))
		return first_look_api(exchange, http, connection);
	if ((status = check_body(exchange->request)) != 0)
		return refuse(http, exchange, connection, status);
	ouv_buf_init(&exchange->body, exchange->arena, 1024);
	return MHD_YES;
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *data,
	size_t *data_len, void **context)
{
	struct http *http = cls;
	struct exchange *exchange = *context;

	(void)url; /* decoded: an encoded slash or zero is lost in it */
	(void)version;
	if (!exchange->begun)
		return first_look(http, exchange, connection, method);
	if (*data_len > 0 && exchange->request->incoming != NULL) {
		incoming_add(exchange->request, data, *data_len);
		*data_len = 0;
		return MHD_YES;
	}
	if (*data_len > 0 && api_takes_body(exchange->request)) {
		api_body_add(exchange->request, data, *data_len);
		*data_len = 0;
		return MHD_YES;
	}
	if (*data_len > 0) {
		if (exchange->body.len + *data_len > FORM_BYTES)
			return MHD_NO;
		ouv_buf_add(&exchange->body, data, *data_len);
		*data_len = 0;
		return MHD_YES;
	}
	exchange->request->body.p = exchange->body.data;
	exchange->request->body.len = exchange->body.len;
	if (exchange->request->api != NULL)
		api_answer(exchange->request);
	else if (exchange->request->incoming == NULL)
		route_answer(exchange->request);
	else if (incoming_end(exchange->request))
		route_serve(exchange->request);
	return send_response(http, exchange, connection);
}

/* ---- start and stop
 * ----------------------------------------------------------- */

static void OUV_PRINTF(2, 0) on_log(void *cls, const char *format, va_list args)
{
	char text[500];

	(void)cls;
	(void)vsnprintf(text, sizeof(text), format, args);
	text[strcspn(text, "\n")] = '\0';
	ouv_log_debug("microhttpd: %s", text);
}

static struct MHD_Daemon *
start_daemon(struct http *http)
{
	int threads = http->server->config->server_threads;
	struct MHD_OptionItem pool[] = {
		{ MHD_OPTION_THREAD_POOL_SIZE, threads, NULL },
		{ MHD_OPTION_END, 0, NULL },
	};

	return MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG | MHD_USE_ITC,
		0, NULL, NULL, on_request, http, MHD_OPTION_EXTERNAL_LOGGER,
		on_log, NULL, MHD_OPTION_LISTEN_SOCKET, http->socket,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
		MHD_OPTION_URI_LOG_CALLBACK, on_target, http,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
		MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_ARRAY,
		threads > 1 ? pool : pool + 1, MHD_OPTION_END);
}

enum ouv_err
http_start(const struct server *server, int socket, struct http **http_out)
{
	struct http *http = calloc(1, sizeof(*http));
	pthread_condattr_t attr;

	if (http == NULL)
		abort();
	http->server = server;
	http->socket = socket;
	(void)pthread_mutex_init(&http->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&http->changed, &attr);
	(void)pthread_condattr_destroy(&attr);
	http->daemon = start_daemon(http);
	if (http->daemon == NULL ||
		pthread_create(&http->watch, NULL, watch, http) != 0) {
		ouv_log_error("the HTTP daemon could not be started");
		if (http->daemon != NULL)
			MHD_stop_daemon(http->daemon);
		free(http);
		return OUV_TEMPORARY;
	}
	*http_out = http;
	return OUV_OK;
}

/* No new connections; those whose request has begun get their answer. */
static void
drain(struct http *http)
{
	struct timespec until;

	(void)MHD_quiesce_daemon(http->daemon);
	__atomic_store_n(&http->draining, true, __ATOMIC_RELAXED);
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += REQUEST_MS / 1000;
	(void)pthread_mutex_lock(&http->lock);
	while (http->busy > 0)
		if (pthread_cond_timedwait(
			    &http->changed, &http->lock, &until) != 0)
			break;
	if (http->busy > 0)
		ouv_log_warn("%u requests cut at the end", http->busy);
	http->stop = true;
	(void)pthread_cond_broadcast(&http->changed);
	(void)pthread_mutex_unlock(&http->lock);
}

void
http_stop(struct http **http)
{
	struct http *h = *http;

	if (h == NULL)
		return;
	drain(h);
	(void)pthread_join(h->watch, NULL);
	MHD_stop_daemon(h->daemon);
	(void)pthread_cond_destroy(&h->changed);
	(void)pthread_mutex_destroy(&h->lock);
	free(h);
	*http = NULL;
}
