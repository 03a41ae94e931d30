/*
 * api.h - the interface for programs of member companies: /api/v1
 *
 * What may be asked is one table (api_table.c): the way in, the checks of what
 * is sent, and the OpenAPI document are made from its rows, so that none of
 * them can say something else.
 */
#ifndef SERVER_API_H
#define SERVER_API_H

#include <jansson.h>

#include "ouv/api.h"
#include "ouv/company_page.h"
#include "ouv/upload.h"
#include "server.h"

#define API_ROOT "/api/v1"
#define API_ARGS 3
#define API_PAGE 50 /* rows of a list, unless fewer are asked for */
#define API_PAGE_MOST 100
#define API_WORDS 6000    /* characters of a text */
#define API_POINT 3500    /* ... of what is answered to one point */
#define API_QUESTION 1800 /* ... of a question for the consumer */
#define API_FILES 30

/* ---- the table -------------------------------------------------------------
 */

enum api_type {
	API_TEXT,
	API_NUMBER, /* whole */
	API_TRUTH,
	API_MOMENT, /* RFC 3339, UTC */
	API_DAY,    /* YYYY-MM-DD */
	API_WORD,   /* one of a list */
	API_URI,
	API_ONE,  /* an object */
	API_MANY, /* a list of objects */
	API_NUMBERS,
	API_TYPE__COUNT
};
enum api_field_flags {
	API_NULL = 1, /* may be null */
	API_FREE = 2, /* may be missing */
};

struct api_schema;
struct api_field {
	const char *name;
	enum api_type type;
	unsigned flags;
	int least, most; /* characters, rows or values; most 0: any */
	const struct api_schema *of;
	const char *const *words; /* ended by NULL */
};
struct api_schema {
	const char *name;               /* "Task" */
	const struct api_field *fields; /* ended by a NULL name */
};

enum api_problem {
	API_MALFORMED,
	API_BAD_QUERY,
	API_BAD_JSON,
	API_KEY_MISSING,
	API_UNAUTHORIZED,
	API_SCOPE,
	API_SHUT,
	API_NOT_FOUND,
	API_METHOD,
	API_BUSY,
	API_NOT_NOW,
	API_FASTER,
	API_LENGTH,
	API_TOO_LARGE,
	API_MEDIA_TYPE,
	API_INVALID,
	API_KEY_REUSED,
	API_FILE,
	API_TOO_MANY,
	API_BROKEN,
	API_UNAVAILABLE,
	API_PROBLEM__COUNT
};
#define API_BIT(problem) (1U << (problem))
struct api_problem_info {
	const char *name;
	int status;
};
extern const struct api_problem_info api_problems[API_PROBLEM__COUNT];

struct api_call;
struct api_op {
	const char *name; /* operationId */
	enum method method;
	const char *path; /* below API_ROOT, with {names} */
	bool open;        /* without a token */
	enum ouv_scope scope;
	const struct api_field *query;  /* ended by a NULL name; NULL: none */
	const struct api_schema *takes; /* NULL: no JSON */
	bool stream;                    /* the body is a file */
	const struct api_schema *gives; /* NULL: bytes, or the document */
	int status;                     /* when it is done */
	unsigned problems;              /* bits */
	void (*answer)(struct api_call *call);
	const char *what; /* of api_say: as ouv_member_said has it */
};
extern const struct api_op api_ops[];
extern const size_t api_op_count;
extern const struct api_schema *const api_schemas[]; /* ended by NULL */
extern const struct api_schema api_schema_problem;

/* ---- one request -----------------------------------------------------------
 */

struct api_call {
	struct request *request;
	struct ouv_desk *desk; /* NULL: not needed yet */
	const struct api_op *op;
	const char *args[API_ARGS];
	struct ouv_caller caller; /* wiped at the end */
	struct form query;
	json_t *body; /* as op->takes says; NULL: none */
	struct ouv_once once;
	bool over;  /* answered before its body came, which is let go by */
	bool begun; /* once: done or drop must follow */
	const char *mark;      /* kept before the answer; NULL: nothing */
	struct api_file *file; /* api_file.c; NULL: the body is no file */
};

/* ---- api.c: the way of one request -----------------------------------------
 */

bool api_is(const char *target);
/* Its headers are known, of its body nothing.  False: it has been answered, and
 * the connection ends. */
bool api_begin(struct request *request);
void api_answer(struct request *request);
/* The connection ends before the answer. */
void api_cut(struct request *request);
/* Is its body a file, which goes on as it comes, or of no use any more? */
bool api_takes_body(const struct request *request);
void api_body_add(struct request *request, const char *data, size_t len);
/* What the gate or the HTTP daemon turns away. */
void api_refuse(struct request *request, int status);
/* "api-listTasks", for the log. */
const char *api_route_name(const struct request *request);

/* doc is taken over. */
void api_reply(struct api_call *call, json_t *doc);
/* The case of the address, as its number is written. */
const char *api_protocol(const struct api_call *call);
/* The problem that an error of the desk is. */
void api_error(struct api_call *call, enum ouv_err err);

/* ---- api_problem.c: RFC 9457 -----------------------------------------------
 */

/* errors: a list of {pointer, code, detail}, taken over; NULL: none. */
void api_problem(
	struct request *request, enum api_problem problem, json_t *errors);
/* One more of them; pointer as RFC 6901 has it, or "?name" of the query. */
void api_wrong(const struct request *request, json_t *errors,
	const char *pointer, const char *code);
const char *api_problem_type(
	const struct request *request, enum api_problem problem);
void api_get_problem(struct api_call *call);

/* ---- api_body.c: what is sent, by the table --------------------------------
 */

/* False: answered with a problem. */
bool api_read_query(struct api_call *call);
bool api_read_body(struct api_call *call);
/* NULL or fallback: not sent. */
const char *api_query(const struct api_call *call, const char *name);
int api_query_number(
	const struct api_call *call, const char *name, int fallback);

/* ---- api_doc.c -------------------------------------------------------------
 */

void api_get_document(struct api_call *call);

/* ---- api_read.c, api_case.c ------------------------------------------------
 */

void api_list_tasks(struct api_call *call);
void api_list_cases(struct api_call *call);
void api_get_case(struct api_call *call);
void api_list_messages(struct api_call *call);
void api_get_message(struct api_call *call);
void api_get_attachment(struct api_call *call);
void api_list_promises(struct api_call *call);
void api_get_figures(struct api_call *call);

/* Values of objects: null for 0 and "". */
json_t *api_moment(int64_t at);
json_t *api_text(const char *text);
json_t *api_text_or_null(const char *text);
json_t *api_promise(const struct ouv_member_promise *promise);
json_t *api_clocks(const struct ouv_clock_view *clocks, size_t count);
void api_put_line(json_t *one, const struct ouv_member_line *line);

/* ---- api_say.c, api_file.c -------------------------------------------------
 */

void api_say(struct api_call *call);
void api_set_reference(struct api_call *call);

void api_post_file(struct api_call *call);
/* False: answered with a problem. */
bool api_file_begin(struct api_call *call);
void api_file_more(struct api_call *call, const char *data, size_t len);
void api_file_cut(struct api_call *call);

#endif
