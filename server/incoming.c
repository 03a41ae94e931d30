/*
 * incoming.c - a form that may bring files, as it comes in
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ouv/buf.h"
#include "ouv/log.h"

#include "again.h"
#include "incoming.h"
#include "member.h"
#include "multipart.h"
#include "page.h"
#include "reply.h"
#include "route.h"
#include "track.h"

#define TYPE "multipart/form-data"
#define REFUSED_MOST 40
#define FILES_MOST 1000
#define NAME_SHOWN 120
#define PLACE "file-" /* of a file that lies there: its place in the order */
#define DROP "drop-"  /* it is to go */
#define LOST "files_lost"

/* clang-format off */
/* Forms that take files: from whom, and who may send some. */
static const struct taker {
	const char *pattern;
	enum ouv_upload_taker taker;
	bool (*may)(const struct request *request);
} takers[] = {
	{ "/letters/new/put", OUV_UPLOAD_SCANS, page_letter_may },
	{ "/p/*/*", OUV_UPLOAD_PARTY, member_may_upload },
	{ "/t/say", OUV_UPLOAD_PARTY, track_may_upload },
};
/* clang-format on */
#define TAKERS (sizeof(takers) / sizeof(takers[0]))

enum admission {
	NOT_ASKED,
	ADMITTED,
	SHUT_OUT, /* it has been answered */
};

struct incoming {
	struct request *request;
	const struct taker *taker;
	struct multipart *multipart;
	enum ouv_err
		err; /* of the form; what follows an error is passed over */
	enum admission admission;
	bool may;  /* files are stored */
	bool lost; /* some came, and may not be */

	/* the part that comes */
	const struct multipart_part *part;
	struct ouv_buf text; /* of a field */
	size_t text_bytes;   /* of all fields */
	struct ouv_uploading *file;
	bool passed_over; /* of this file no more is looked at */
	uint64_t file_bytes;

	size_t kept_count, refused_count;
	int kept[FILES_MOST];
	struct incoming_refused refused[REFUSED_MOST];
};

/* ---- may it? ---------------------------------------------------------------
 */

bool
incoming_is(const char *type)
{
	return type != NULL && strncasecmp(type, TYPE, sizeof(TYPE) - 1) == 0;
}

static const struct taker *
taker_of(const struct request *request)
{
	for (size_t i = 0; request->route != NULL && i < TAKERS; i++)
		if (strcmp(takers[i].pattern, request->route->pattern) == 0)
			return &takers[i];
	return NULL;
}

/* The number behind a prefix; -1: another name. */
static long
number_behind(const char *name, const char *prefix)
{
	const size_t len = strlen(prefix);
	char *end;
	long n;

	if (strncmp(name, prefix, len) != 0 || name[len] < '0' ||
		name[len] > '9')
		return -1;
	n = strtol(name + len, &end, 10);
	return *end == '\0' && n < 1000000 ? n : -1;
}

static const char *
field_of(const struct request *request, const char *prefix, long n)
{
	return form_get(&request->form,
		ouv_arena_printf(request->arena, "%s%ld", prefix, n));
}

static const char *
secret_of(const struct request *request)
{
	return form_get(&request->form, OUV_UPLOAD_FIELD);
}

/* What lies there from a sending of this form that its page does not know of:
 * it came again, with its files. */
static enum ouv_err
forget_unlisted(struct incoming *in, struct ouv_desk *desk)
{
	struct request *request = in->request;
	struct ouv_upload *list;
	size_t count;
	enum ouv_err err;

	err = ouv_desk_uploads(
		desk, request->arena, secret_of(request), &list, &count);
	for (size_t i = 0; err == OUV_OK && i < count; i++)
		if (field_of(request, PLACE, list[i].n) == NULL)
			err = ouv_desk_upload_remove(desk, request->arena,
				secret_of(request), list[i].n);
	return err;
}

/* Once, before the first byte of a file: token, origin and person. */
static void
admit(struct incoming *in)
{
	struct request *request = in->request;

	if (in->admission != NOT_ASKED)
		return;
	in->admission = route_admit(request) ? ADMITTED : SHUT_OUT;
	in->may = in->admission == ADMITTED &&
		  (request->route->who < WHO_STAFF ||
			  (request->actor != NULL &&
				  request->actor->must == 0)) &&
		  in->taker->may(request);
}

/* ---- one part --------------------------------------------------------------
 */

/* On one line, and not longer than one reads. */
static const char *
shown_name(struct ouv_arena *arena, const char *name)
{
	size_t len = strlen(name);
	char *text;

	if (len > NAME_SHOWN) {
		len = NAME_SHOWN;
		while (len > 0 && ((unsigned char)name[len] & 0xc0) == 0x80)
			len--;
	}
	text = ouv_arena_strndup(arena, name, len);
	for (char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
	return text;
}

static void
drop_file(struct incoming *in)
{
	struct ouv_desk *desk;

	if (in->file != NULL && !in->passed_over &&
		desk_here(in->request->server, &desk) == OUV_OK)
		ouv_desk_upload_drop(desk, in->file);
	in->file = NULL;
}

static void
refuse(struct incoming *in, enum ouv_upload_why why)
{
	in->passed_over = true;
	in->file = NULL;
	ouv_log_info("a file was not taken: %s", ouv_upload_why_name(why));
	if (in->refused_count < REFUSED_MOST)
		in->refused[in->refused_count++] = (struct incoming_refused){
			shown_name(in->request->arena, in->part->filename), why
		};
}

/* What the desk said of it; OUV_TEMPORARY is no fault of the file. */
static enum ouv_err
take_outcome(struct incoming *in, enum ouv_err err, enum ouv_upload_why why)
{
	if (err == OUV_OK)
		return OUV_OK;
	if (err == OUV_INVALID) /* no secret of ours */
		return OUV_INVALID;
	if (err != OUV_REFUSED)
		drop_file(in);
	if (err == OUV_TEMPORARY)
		desk_drop();
	refuse(in, err == OUV_REFUSED ? why : OUV_UPLOAD_BUSY);
	return OUV_OK;
}

static enum ouv_err
begin_file(struct incoming *in)
{
	struct request *request = in->request;
	enum ouv_upload_why why = OUV_UPLOAD_BUSY;
	const bool first = in->admission == NOT_ASKED;
	struct ouv_desk *desk;
	enum ouv_err err;

	admit(in);
	if (in->admission == SHUT_OUT || !in->may) {
		in->passed_over = true;
		in->lost = true;
		return OUV_OK;
	}
	if (secret_of(request) == NULL)
		return OUV_INVALID;
	err = desk_here(request->server, &desk);
	if (err == OUV_OK && first)
		err = forget_unlisted(in, desk);
	if (err == OUV_OK)
		err = ouv_desk_upload_begin(desk, request->arena,
			secret_of(request), in->taker->taker,
			in->part->filename, in->part->type, &in->file, &why);
	return take_outcome(in, err, why);
}

static enum ouv_err
begin_part(void *user, const struct multipart_part *part)
{
	struct incoming *in = user;

	in->part = part;
	in->passed_over = false;
	in->file = NULL;
	in->file_bytes = 0;
	if (part->filename == NULL) {
		/* No browser says a type of a field. */
		if (part->type != NULL ||
			strcmp(part->name, OUV_UPLOAD_FILES_FIELD) == 0)
			return OUV_INVALID;
		ouv_buf_init(&in->text, in->request->arena, 256);
		return OUV_OK;
	}
	if (*part->filename != '\0')
		return begin_file(in);
	in->passed_over = true; /* none was chosen */
	return OUV_OK;
}

static enum ouv_err
add_part(void *user, const char *data, size_t len)
{
	struct incoming *in = user;
	enum ouv_upload_why why = OUV_UPLOAD_BUSY;
	struct ouv_desk *desk;
	enum ouv_err err;

	if (in->part->filename == NULL) {
		in->text_bytes += len;
		if (in->text_bytes > FORM_BYTES)
			return OUV_INVALID;
		ouv_buf_add(&in->text, data, len);
		return OUV_OK;
	}
	in->file_bytes += len;
	if (in->passed_over)
		return OUV_OK;
	err = desk_here(in->request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_upload_add(desk, in->file, data, len, &why);
	return take_outcome(in, err, why);
}

/* What was too much together with the others may be too large by itself, which
 * is the better advice. */
static void
judge_size(struct incoming *in)
{
	const struct ouv_upload_limits limits =
		ouv_upload_limits(in->request->server->config);
	struct incoming_refused *last =
		in->refused_count > 0 ? &in->refused[in->refused_count - 1]
				      : NULL;

	if (last != NULL && last->why == OUV_UPLOAD_TOO_MUCH &&
		in->file_bytes > limits.file)
		last->why = OUV_UPLOAD_TOO_LARGE;
}

static enum ouv_err
end_part(void *user)
{
	struct incoming *in = user;
	enum ouv_upload_why why = OUV_UPLOAD_BUSY;
	struct ouv_upload kept;
	struct ouv_desk *desk;
	enum ouv_err err;

	if (in->part->filename == NULL)
		return form_put(in->request->arena, in->part->name,
			in->text.data, in->text.len, &in->request->form);
	if (in->passed_over) {
		judge_size(in);
		return OUV_OK;
	}
	err = desk_here(in->request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_upload_end(desk, in->file, &kept, &why);
	if (err == OUV_OK && in->kept_count < FILES_MOST)
		in->kept[in->kept_count++] = kept.n;
	if (err == OUV_OK)
		in->passed_over = true;
	return take_outcome(in, err, why);
}

/* ---- the whole form --------------------------------------------------------
 */

int
incoming_begin(struct request *request, const char *type, long long length)
{
	const struct ouv_upload_limits limits =
		ouv_upload_limits(request->server->config);
	struct incoming *in = ouv_arena_alloc(request->arena, sizeof(*in));
	const struct multipart_sink sink = { begin_part, add_part, end_part,
		in };
	const char *boundary;

	route_find(request);
	in->taker = taker_of(request);
	if (in->taker == NULL)
		return 415;
	/* A little too much is read, so that it can be said which file it is.
	 */
	if (length > (long long)(4 * limits.form) + FORM_BYTES)
		return 413;
	if (multipart_boundary(request->arena, type, &boundary) != OUV_OK)
		return 400;
	in->request = request;
	in->multipart = multipart_new(request->arena, boundary, &sink);
	request->incoming = in;
	return 0;
}

void
incoming_add(struct request *request, const char *data, size_t len)
{
	struct incoming *in = request->incoming;

	if (in->err == OUV_OK)
		in->err = multipart_add(in->multipart, data, len);
}

static void
take_away(struct incoming *in)
{
	struct request *request = in->request;
	struct ouv_desk *desk;
	enum ouv_err err;

	drop_file(in);
	err = in->kept_count > 0 ? desk_here(request->server, &desk) : OUV_OK;
	for (size_t i = 0; err == OUV_OK && i < in->kept_count; i++)
		err = ouv_desk_upload_remove(
			desk, request->arena, secret_of(request), in->kept[i]);
	if (err != OUV_OK)
		ouv_log_warn("files of a form that was cut stay for a day");
	in->kept_count = 0;
}

void
incoming_cut(struct request *request)
{
	if (request->incoming != NULL)
		take_away(request->incoming);
}

/* ---- which files, in which order -------------------------------------------
 */

struct place {
	long place, n;
};

static int
by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->place != y->place ? (x->place < y->place ? -1 : 1)
				    : (x->n > y->n) - (x->n < y->n);
}

/* Of those that lay there, as the form orders them; what is to go goes. */
static size_t
listed(struct incoming *in, struct place *out)
{
	struct request *request = in->request;
	const struct form *form = &request->form;
	size_t count = 0;

	for (size_t i = 0; i < form->count && count < FILES_MOST; i++) {
		const long n = number_behind(form->fields[i].name, PLACE);
		struct ouv_desk *desk;

		if (n < 0)
			continue;
		if (field_of(request, DROP, n) == NULL)
			out[count++] = (struct place){
				strtol(form->fields[i].value, NULL, 10), n
			};
		else if (desk_here(request->server, &desk) == OUV_OK &&
			 ouv_desk_upload_remove(desk, request->arena,
				 secret_of(request), (int)n) != OUV_OK)
			ouv_log_warn("a file that is not wanted stays");
	}
	if (count > 1)
		qsort(out, count, sizeof(*out), by_place);
	return count;
}

static void
set_files(struct incoming *in)
{
	struct request *request = in->request;
	struct place places[FILES_MOST];
	size_t count = secret_of(request) != NULL ? listed(in, places) : 0;
	struct ouv_buf list;

	ouv_buf_init(&list, request->arena, 64);
	for (size_t i = 0; i < count; i++)
		ouv_buf_printf(
			&list, "%s%ld", list.len > 0 ? "," : "", places[i].n);
	for (size_t i = 0; i < in->kept_count; i++)
		ouv_buf_printf(
			&list, "%s%d", list.len > 0 ? "," : "", in->kept[i]);
	again_set(request, OUV_UPLOAD_FILES_FIELD, list.data);
}

bool
incoming_end(struct request *request)
{
	struct incoming *in = request->incoming;

	if (in->err == OUV_OK)
		in->err = multipart_end(in->multipart);
	if (in->err != OUV_OK) {
		take_away(in);
		if (in->admission != SHUT_OUT)
			page_error(request, 400);
		return false;
	}
	admit(in);
	if (in->admission == SHUT_OUT)
		return false;
	if (in->may)
		set_files(in);
	if (in->lost)
		again_set(request, LOST, "1");
	return true;
}

bool
incoming_trouble(const struct request *request)
{
	return request->incoming != NULL &&
	       request->incoming->refused_count > 0;
}

int
incoming_status(const struct request *request)
{
	const struct incoming *in = request->incoming;

	for (size_t i = 0; in != NULL && i < in->refused_count; i++)
		if (in->refused[i].why == OUV_UPLOAD_TOO_LARGE ||
			in->refused[i].why == OUV_UPLOAD_TOO_MUCH)
			return 413;
	return 422;
}

void
incoming_done(struct request *request)
{
	struct ouv_desk *desk;

	if (secret_of(request) != NULL &&
		desk_here(request->server, &desk) == OUV_OK &&
		ouv_desk_upload_remove(
			desk, request->arena, secret_of(request), -1) != OUV_OK)
		ouv_log_warn("files of a form that is done stay");
}

const struct incoming_refused *
incoming_refused(const struct request *request, size_t *count_out)
{
	const struct incoming *in = request->incoming;

	*count_out = in != NULL ? in->refused_count : 0;
	return in != NULL ? in->refused : NULL;
}

/* A form that came back over a login has its list in its fields alone. */
const int *
incoming_order(const struct request *request, size_t *count_out)
{
	const char *text = form_get(&request->form, OUV_UPLOAD_FILES_FIELD);
	int *order =
		ouv_arena_array(request->arena, FILES_MOST, sizeof(*order));
	size_t n = 0;
	char *end;

	for (; text != NULL && *text != '\0' && n < FILES_MOST;
		text = *end == ',' ? end + 1 : end) {
		order[n] = (int)strtol(text, &end, 10);
		if (end == text || (*end != ',' && *end != '\0'))
			break;
		n++;
	}
	*count_out = n;
	return order;
}
