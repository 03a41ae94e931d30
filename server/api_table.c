/*
 * api_table.c - what companies' programs may ask, and what they get: one table
 *
 * A row of api_ops is an operation: who may, what it takes and gives, and what
 * can go wrong.  The words that describe it are in words.*.json: api_op_NAME,
 * api_f_SCHEMA_FIELD or api_f_FIELD, api_problem_NAME.
 */
#include "api.h"

#define READS METHOD_GET
#define P(problem) API_BIT(API_##problem)
/* What may be wrong with any request by a token; with one about a case; with
 * one that does something. */
#define ANY                                                                  \
	(P(BAD_QUERY) | P(UNAUTHORIZED) | P(SCOPE) | P(SHUT) | P(TOO_MANY) | \
		P(UNAVAILABLE))
#define OF_CASE (ANY | P(NOT_FOUND))
#define DOES                                                              \
	(OF_CASE | P(KEY_MISSING) | P(KEY_REUSED) | P(BUSY) | P(LENGTH) | \
		P(TOO_LARGE))
#define SAYS (DOES | P(BAD_JSON) | P(MEDIA_TYPE) | P(INVALID))

/* clang-format off */
const struct api_problem_info api_problems[API_PROBLEM__COUNT] = {
	[API_MALFORMED]    = { "malformed-request",      400 },
	[API_BAD_QUERY]    = { "bad-query",              400 },
	[API_BAD_JSON]     = { "bad-json",               400 },
	[API_KEY_MISSING]  = { "idempotency-key-missing", 400 },
	[API_UNAUTHORIZED] = { "unauthorized",           401 },
	[API_SCOPE]        = { "scope-missing",          403 },
	[API_SHUT]         = { "no-way-in",              403 },
	[API_NOT_FOUND]    = { "not-found",              404 },
	[API_METHOD]       = { "method-not-allowed",     405 },
	[API_BUSY]         = { "request-in-progress",    409 },
	[API_NOT_NOW]      = { "not-now",                409 },
	[API_FASTER]       = { "changed-meanwhile",      409 },
	[API_LENGTH]       = { "length-required",        411 },
	[API_TOO_LARGE]    = { "too-large",              413 },
	[API_MEDIA_TYPE]   = { "media-type",             415 },
	[API_INVALID]      = { "invalid",                422 },
	[API_KEY_REUSED]   = { "idempotency-key-reused", 422 },
	[API_FILE]         = { "file-refused",           422 },
	[API_TOO_MANY]     = { "too-many-requests",      429 },
	[API_BROKEN]       = { "broken",                 500 },
	[API_UNAVAILABLE]  = { "unavailable",            503 },
};

/* ---- codes ------------------------------------------------------------------ */

static const char *const stages[] = { "owed", "waiting", "closed", NULL };
static const char *const owes[] = { "none", "office", "consumer", "company", "both", NULL };

/* ---- objects ------------------------------------------------------------------ */

#define FIELDS(...) (const struct api_field[]){ __VA_ARGS__, { .name = NULL } }

static const struct api_schema time_limit = { "Clock", FIELDS(
	{ "name",       API_TEXT,   .flags = 0 },
	{ "state",      API_TEXT,   .flags = 0 },
	{ "started_at", API_MOMENT, .flags = 0 },
	{ "due_at",     API_MOMENT, .flags = API_NULL },
	{ "lapsed",     API_TRUTH,  .flags = 0 },
	{ "amount",     API_NUMBER, .flags = 0 },
	{ "unit",       API_TEXT,   .flags = 0 },
	{ "law",        API_TEXT,   .flags = API_NULL }) };

#define LINE                                          \
	{ "protocol",  API_TEXT,   .flags = 0 },      \
	{ "state",     API_TEXT,   .flags = 0 },      \
	{ "stage",     API_WORD,   .words = stages }, \
	{ "owes",      API_WORD,   .words = owes },   \
	{ "opened_at", API_MOMENT, .flags = 0 },      \
	{ "moved_at",  API_MOMENT, .flags = 0 },      \
	{ "closed_at", API_MOMENT, .flags = API_NULL }, \
	{ "due_at",    API_MOMENT, .flags = API_NULL }, \
	{ "late",      API_TRUTH,  .flags = 0 },      \
	{ "being_read", API_TRUTH, .flags = 0 },      \
	{ "being_done", API_TRUTH, .flags = 0 },      \
	{ "reference", API_TEXT,   .flags = API_NULL }, \
	{ "last_by",   API_TEXT,   .flags = API_NULL }, \
	{ "last_at",   API_MOMENT, .flags = API_NULL }

static const struct api_schema case_line = { "CaseLine", FIELDS(LINE) };
static const struct api_schema task = { "Task", FIELDS(LINE,
	{ "clocks",    API_MANY,   .of = &time_limit }) };

static const struct api_schema counts = { "Counts", FIELDS(
	{ "owed",      API_NUMBER, .flags = 0 },
	{ "waiting",   API_NUMBER, .flags = 0 },
	{ "closed",    API_NUMBER, .flags = 0 },
	{ "late",      API_NUMBER, .flags = 0 }) };
static const struct api_schema tasks = { "Tasks", FIELDS(
	{ "tasks",     API_MANY,   .of = &task },
	{ "counts",    API_ONE,    .of = &counts },
	{ "next",      API_TEXT,   .flags = API_NULL }) };
static const struct api_schema cases = { "Cases", FIELDS(
	{ "cases",     API_MANY,   .of = &case_line },
	{ "counts",    API_ONE,    .of = &counts },
	{ "next",      API_TEXT,   .flags = API_NULL }) };

static const struct api_schema point = { "Point", FIELDS(
	{ "n",             API_NUMBER, .flags = 0 },
	{ "code",          API_TEXT,   .flags = 0 },
	{ "label",         API_TEXT,   .flags = API_NULL },
	{ "article",       API_TEXT,   .flags = API_NULL },
	{ "article_label", API_TEXT,   .flags = API_NULL },
	{ "law",           API_TEXT,   .flags = API_NULL },
	{ "law_label",     API_TEXT,   .flags = API_NULL }) };
static const struct api_schema choice = { "Choice", FIELDS(
	{ "action",    API_TEXT,   .flags = 0 },
	{ "choice",    API_TEXT,   .flags = API_NULL }) };
static const struct api_schema proof = { "Evidence", FIELDS(
	{ "n",         API_NUMBER, .flags = 0 },
	{ "message",   API_NUMBER, .flags = 0 },
	{ "attachment", API_NUMBER, .flags = API_NULL },
	{ "side",      API_TEXT,   .flags = API_NULL },
	{ "added_at",  API_MOMENT, .flags = 0 },
	{ "readable",  API_TRUTH,  .flags = 0 }) };
static const struct api_schema promise = { "Promise", FIELDS(
	{ "n",         API_NUMBER, .flags = 0 },
	{ "protocol",  API_TEXT,   .flags = API_NULL },
	{ "by",        API_TEXT,   .flags = API_NULL },
	{ "source",    API_TEXT,   .flags = API_NULL },
	{ "state",     API_TEXT,   .flags = API_NULL },
	{ "you_said",  API_TEXT,   .flags = API_NULL },
	{ "made_at",   API_MOMENT, .flags = API_NULL },
	{ "due_at",    API_MOMENT, .flags = API_NULL },
	{ "ended_at",  API_MOMENT, .flags = API_NULL }) };
static const struct api_schema one_case = { "Case", FIELDS(LINE,
	{ "kind",           API_TEXT,   .flags = API_NULL },
	{ "consumer_named", API_TRUTH,  .flags = 0 },
	{ "last_message",   API_NUMBER, .flags = 0 },
	{ "may_answer",     API_TRUTH,  .flags = 0 },
	{ "points",         API_MANY,   .of = &point },
	{ "choices",        API_MANY,   .of = &choice },
	{ "clocks",         API_MANY,   .of = &time_limit },
	{ "evidence",       API_MANY,   .of = &proof },
	{ "promises",       API_MANY,   .of = &promise }) };

static const struct api_schema attachment = { "Attachment", FIELDS(
	{ "k",         API_NUMBER, .flags = 0 },
	{ "name",      API_TEXT,   .flags = API_NULL },
	{ "size",      API_NUMBER, .flags = 0 }) };
#define MESSAGE                                        \
	{ "n",         API_NUMBER, .flags = 0 },       \
	{ "from",      API_TEXT,   .flags = 0 },       \
	{ "at",        API_MOMENT, .flags = 0 },       \
	{ "subject",   API_TEXT,   .flags = API_NULL }, \
	{ "language",  API_TEXT,   .flags = API_NULL }, \
	{ "has_text",  API_TRUTH,  .flags = 0 },       \
	{ "released_until", API_MOMENT, .flags = API_NULL }, \
	{ "attachments", API_MANY, .of = &attachment }
static const struct api_schema message_line = { "MessageLine", FIELDS(MESSAGE) };
static const struct api_schema message = { "Message", FIELDS(MESSAGE,
	{ "text",      API_TEXT,   .flags = 0 }) };
static const struct api_schema messages = { "Messages", FIELDS(
	{ "messages",  API_MANY,   .of = &message_line },
	{ "not_yet",   API_NUMBER, .flags = 0 },
	{ "next",      API_TEXT,   .flags = API_NULL }) };

static const struct api_schema advice = { "Recommendation", FIELDS(
	{ "protocol",  API_TEXT,   .flags = 0 },
	{ "state",     API_TEXT,   .flags = 0 },
	{ "made_at",   API_MOMENT, .flags = API_NULL },
	{ "due_at",    API_MOMENT, .flags = API_NULL }) };
static const struct api_schema promises = { "Promises", FIELDS(
	{ "promises",  API_MANY,   .of = &promise },
	{ "recommendations", API_MANY, .of = &advice }) };

static const struct api_schema share = { "Share", FIELDS(
	{ "part",      API_NUMBER, .flags = 0 },
	{ "of",        API_NUMBER, .flags = 0 }) };
static const struct api_schema sum = { "Sum", FIELDS(
	{ "cases",     API_NUMBER, .flags = 0 },
	{ "companies", API_NUMBER, .flags = 0 },
	{ "answered",  API_ONE,    .of = &share },
	{ "median_days", API_NUMBER, .flags = API_NULL },
	{ "answers",   API_NUMBER, .flags = 0 },
	{ "founded",   API_ONE,    .of = &share },
	{ "agreed",    API_ONE,    .of = &share },
	{ "silent",    API_ONE,    .of = &share },
	{ "resolved",  API_ONE,    .of = &share },
	{ "kept",      API_ONE,    .of = &share }) };
static const struct api_schema figures = { "Figures", FIELDS(
	{ "period",    API_TEXT,   .flags = 0 },
	{ "of_unit",   API_TRUTH,  .flags = 0 },
	{ "sector",    API_TEXT,   .flags = API_NULL },
	{ "own",       API_ONE,    .of = &sum },
	{ "others",    API_ONE,    .flags = API_NULL, .of = &sum }) };

/* ---- what is sent ------------------------------------------------------------- */

#define WORDS(flag, longest) { "words", API_TEXT, .flags = (flag), .least = 1, .most = (longest) }
#define FILES { "files", API_NUMBERS, .flags = API_FREE, .most = API_FILES }
#define SEEN { "seen",  API_NUMBER,  .flags = API_FREE, .most = 1000000 }
static const struct api_schema point_answer = { "PointAnswer", FIELDS(
	{ "happened",  API_TEXT,   .flags = API_FREE, .most = API_POINT },
	{ "offered",   API_TEXT,   .flags = API_FREE, .most = API_POINT },
	{ "by",        API_DAY,    .flags = API_FREE | API_NULL }) };
static const struct api_schema answer = { "Answer", FIELDS(
	WORDS(API_FREE, API_WORDS),
	{ "points",    API_MANY,   .flags = API_FREE, .most = OUV_MEMBER_POINTS, .of = &point_answer },
	FILES, SEEN) };
static const struct api_schema reason = { "Reason", FIELDS(WORDS(0, API_WORDS), FILES, SEEN) };
static const struct api_schema words_needed = { "Words", FIELDS(WORDS(0, API_WORDS), FILES) };
static const struct api_schema question = { "Question", FIELDS(WORDS(0, API_QUESTION), FILES) };
static const struct api_schema decision = { "Decision", FIELDS(
	{ "action",    API_TEXT,   .least = 1, .most = 40 },
	{ "choice",    API_TEXT,   .flags = API_FREE | API_NULL, .most = 40 },
	WORDS(API_FREE, API_WORDS), FILES, SEEN) };
static const struct api_schema reference = { "Reference", FIELDS(
	{ "reference", API_TEXT,   .flags = API_NULL, .most = 60 }) };

static const struct api_schema done = { "Done", FIELDS(
	{ "protocol",  API_TEXT,   .flags = 0 },
	{ "message",   API_NUMBER, .flags = API_NULL },
	{ "received_at", API_MOMENT, .flags = 0 }) };
static const struct api_schema file = { "File", FIELDS(
	{ "file",      API_NUMBER, .flags = 0 },
	{ "type",      API_TEXT,   .flags = 0 },
	{ "size",      API_NUMBER, .flags = 0 },
	{ "sha256",    API_TEXT,   .least = 64, .most = 64 },
	{ "pages",     API_NUMBER, .flags = 0 },
	{ "locked",    API_TRUTH,  .flags = 0 },
	{ "damaged",   API_TRUTH,  .flags = 0 }) };

static const struct api_schema wrong = { "Wrong", FIELDS(
	{ "pointer",   API_TEXT,   .flags = 0 },
	{ "code",      API_TEXT,   .flags = 0 },
	{ "detail",    API_TEXT,   .flags = 0 }) };
const struct api_schema api_schema_problem = { "Problem", FIELDS(
	{ "type",      API_URI,    .flags = 0 },
	{ "title",     API_TEXT,   .flags = 0 },
	{ "status",    API_NUMBER, .flags = 0 },
	{ "detail",    API_TEXT,   .flags = 0 },
	{ "errors",    API_MANY,   .flags = API_FREE, .of = &wrong }) };

const struct api_schema *const api_schemas[] = { &task, &tasks, &case_line, &cases,
	&counts, &one_case, &time_limit, &point, &choice, &proof, &promise,
	&message_line, &message, &messages, &attachment, &advice, &promises,
	&share, &sum, &figures, &answer, &point_answer, &reason, &words_needed, &question, &decision,
	&reference, &done, &file, &wrong, &api_schema_problem, NULL };

/* ---- queries --------------------------------------------------------------------- */

#define PAGED \
	{ "after", API_TEXT,   .flags = API_FREE, .most = 200 }, \
	{ "most",  API_NUMBER, .flags = API_FREE, .least = 1, .most = API_PAGE_MOST }
static const struct api_field *const of_tasks = FIELDS(PAGED);
static const struct api_field *const of_cases = FIELDS(
	{ "stage",     API_WORD,   .flags = API_FREE, .words = stages },
	{ "closed_days", API_NUMBER, .flags = API_FREE, .least = 1, .most = 3660 },
	{ "search",    API_TEXT,   .flags = API_FREE, .most = 80 },
	PAGED);
static const struct api_field *const of_messages = FIELDS(PAGED);
static const struct api_field *const of_figures = FIELDS(
	{ "period",    API_TEXT,   .flags = API_FREE, .most = 8 });
static const struct api_field *const of_files = FIELDS(
	{ "name",      API_TEXT,   .flags = API_FREE, .least = 1, .most = 120 });

/* ---- operations ------------------------------------------------------------------- */

const struct api_op api_ops[] = {
	{ .name = "getDocument", READS, "/openapi.json", .open = true, .status = 200, .problems = P(BAD_QUERY), .answer = api_get_document },
	{ .name = "getProblem", READS, "/problems/{name}", .open = true, .gives = &api_schema_problem, .status = 200, .problems = P(BAD_QUERY) | P(NOT_FOUND), .answer = api_get_problem },
	{ .name = "listTasks", READS, "/tasks", .scope = OUV_SCOPE_READ, .query = of_tasks, .gives = &tasks, .status = 200, .problems = ANY, .answer = api_list_tasks },
	{ .name = "listCases", READS, "/cases", .scope = OUV_SCOPE_READ, .query = of_cases, .gives = &cases, .status = 200, .problems = ANY, .answer = api_list_cases },
	{ .name = "getCase", READS, "/cases/{protocol}", .scope = OUV_SCOPE_READ, .gives = &one_case, .status = 200, .problems = OF_CASE, .answer = api_get_case },
	{ .name = "listMessages", READS, "/cases/{protocol}/messages", .scope = OUV_SCOPE_READ, .query = of_messages, .gives = &messages, .status = 200, .problems = OF_CASE, .answer = api_list_messages },
	{ .name = "getMessage", READS, "/cases/{protocol}/messages/{n}", .scope = OUV_SCOPE_READ, .gives = &message, .status = 200, .problems = OF_CASE, .answer = api_get_message },
	{ .name = "getAttachment", READS, "/cases/{protocol}/messages/{n}/attachments/{k}", .scope = OUV_SCOPE_READ, .status = 200, .problems = OF_CASE, .answer = api_get_attachment },
	{ .name = "answer", METHOD_POST, "/cases/{protocol}/answers", .scope = OUV_SCOPE_ANSWER, .takes = &answer, .gives = &done, .status = 201, .problems = SAYS | P(NOT_NOW) | P(FASTER), .answer = api_say, .what = "answer" },
	{ .name = "askExtension", METHOD_POST, "/cases/{protocol}/extension", .scope = OUV_SCOPE_ANSWER, .takes = &reason, .gives = &done, .status = 201, .problems = SAYS | P(NOT_NOW) | P(FASTER), .answer = api_say, .what = "ask-extension" },
	{ .name = "decline", METHOD_POST, "/cases/{protocol}/decline", .scope = OUV_SCOPE_ANSWER, .takes = &reason, .gives = &done, .status = 201, .problems = SAYS | P(NOT_NOW) | P(FASTER), .answer = api_say, .what = "decline" },
	{ .name = "decide", METHOD_POST, "/cases/{protocol}/decisions", .scope = OUV_SCOPE_ANSWER, .takes = &decision, .gives = &done, .status = 201, .problems = SAYS | P(NOT_NOW) | P(FASTER), .answer = api_say },
	{ .name = "writeMessage", METHOD_POST, "/cases/{protocol}/messages", .scope = OUV_SCOPE_ANSWER, .takes = &words_needed, .gives = &done, .status = 201, .problems = SAYS, .answer = api_say, .what = "message" },
	{ .name = "askDatum", METHOD_POST, "/cases/{protocol}/questions", .scope = OUV_SCOPE_ANSWER, .takes = &question, .gives = &done, .status = 201, .problems = SAYS | P(NOT_NOW), .answer = api_say, .what = "ask-datum" },
	{ .name = "setReference", METHOD_POST, "/cases/{protocol}/reference", .scope = OUV_SCOPE_ANSWER, .takes = &reference, .gives = &done, .status = 200, .problems = SAYS, .answer = api_set_reference, .what = "reference" },
	{ .name = "addFile", METHOD_POST, "/cases/{protocol}/files", .scope = OUV_SCOPE_ANSWER, .query = of_files, .stream = true, .gives = &file, .status = 201, .problems = DOES | P(FILE), .answer = api_post_file },
	{ .name = "listPromises", READS, "/promises", .scope = OUV_SCOPE_READ, .gives = &promises, .status = 200, .problems = ANY, .answer = api_list_promises },
	{ .name = "getFigures", READS, "/figures", .scope = OUV_SCOPE_READ, .query = of_figures, .gives = &figures, .status = 200, .problems = ANY, .answer = api_get_figures },
};
/* clang-format on */
const size_t api_op_count = sizeof(api_ops) / sizeof(api_ops[0]);
