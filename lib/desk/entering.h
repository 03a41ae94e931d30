/*
 * entering.h - a case that a colleague enters, of what came by letter, by
 * telephone or otherwise than by mail
 *
 * Its first message is whole MIME with its scans, as a mail is; it is sealed as
 * the gateway would have sealed it: to those on the desk and to the escrow, and
 * to whoever enters it, who certifies its key.
 */
#ifndef OUV_DESK_ENTERING_H
#define OUV_DESK_ENTERING_H

#include "clock.h"
#include "ouv/store_console.h"
#include "ouv/store_keys.h"
#include "upload_use.h"
#include "write.h"

#define ENTER_LINE 200
#define ENTER_ADDR 254
#define ENTER_POSTAL 500
#define ENTER_TEXT 20000   /* a letter, written off */
#define ENTER_REQUEST 8000 /* what somebody asks of their own data */

struct entering {
	struct verb_call *call;
	/* the caller's; entering_who and entering_arrived read some */
	const char *channel;
	enum ouv_state state;
	struct consumer who;
	const char *postal, *subject, *text; /* "" : none */
	const char *note; /* for the office alone; "" : none */
	int64_t arrived_at;
	bool phone_will_do; /* the field "phone", where there is no address */
	struct ouv_id also; /* gets its key as well; zero: nobody */
	/* made here */
	struct colleague *holders;
	size_t holder_count;
	struct upload_list files;
	struct casefile file;
	struct store_case c;
	struct store_case_key key;
	struct store_item item; /* what came */
};

/* When it arrived: the field "arrived", and where timed "arrived_time" (HH:MM);
 * today counts from now, a day before from its noon.  What is wrong is told. */
OUV_MUST_CHECK enum ouv_err entering_arrived(struct entering *e, bool timed);
/* name, addr, postal, lang, phone: a way to answer to them. */
void entering_who(struct entering *e);
bool entering_is_phone(const char *text);
/* One of these words; "" and a field's error: none of them. */
const char *entering_word(
	struct verb_call *call, const char *field, const char *const *words);

/*
 * The case, its message, its note and its acknowledgement.  row puts the case
 * into the database (e->c and e->key are filled), clocks begins its terms.
 * OUV_INVALID: a field is wrong, or too few people could open it.
 */
typedef enum ouv_err entering_fn(struct entering *e, void *user);
OUV_MUST_CHECK enum ouv_err entering_case(
	struct entering *e, entering_fn *row, entering_fn *clocks, void *user);

/* The message alone, for a case that there is: its pieces are written, item and
 * doc_out (in the call's arena) are ready to be sealed with dek. */
OUV_MUST_CHECK enum ouv_err entering_message(struct entering *e,
	const uint8_t dek[OUV_KEY], struct ouv_str *doc_out);

/* callback.c: the task to call back, for that person; item holds what was said.
 */
OUV_MUST_CHECK enum ouv_err callback_ask(struct verb_call *call,
	struct casefile *file, const struct ouv_id *whom,
	const struct ouv_id *item);

#endif
