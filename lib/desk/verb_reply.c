/*
 * verb_reply.c - a letter in a colleague's own words to one of the parties
 */
#include "write.h"

#define SUBJECT_MOST 200
#define TEXT_MOST 20000
#define REASON_MOST 2000

enum ouv_err
reply_draft(struct verb_call *call, struct draft *draft)
{
	const char *subject =
		field_words(call, "subject", SUBJECT_MOST, true, true);
	const char *text = field_words(call, "text", TEXT_MOST, false, true);

	draft->overrule =
		field_words(call, "overrule", REASON_MOST, false, false);
	TRY(field_promises(call, draft));
	if (call->result->error_count > 0)
		return OUV_INVALID;
	TRY(draft_to(call, draft, true));
	TRY(draft_begin(call, draft, "letter", "reply"));
	draft->typed[0] = (struct typed){
		.field = "subject", .text = subject, .subject = true
	};
	draft->typed[1] = (struct typed){ .field = "text", .text = text };
	draft->typed_count = 2;
	json_object_set_new(
		draft->letter.data, "subject", json_string(subject));
	json_object_set_new(draft->letter.data, "words", json_string(text));
	return OUV_OK;
}

static enum ouv_err
run(struct verb_call *call)
{
	struct draft draft = { 0 };

	return draft_run(call, reply_draft, &draft);
}

const struct verb verb_reply = { "reply", OUV_ACTION_REPLY, run, true, NULL };
