/*
 * ack.c - acknowledgements: how many may go, and the letter itself
 *
 * No guard sees a loop of two help desks that write like people: only these
 * numbers end it.  A mail above them is filed all the same.
 */
#include <string.h>

#include "desk_impl.h"

#define HOUR 3600
#define DAY 86400

struct stage {
	const char *scope;
	int window;
	int most;
};

/* What is counted: the sender, its domain, everybody. */
static void
token_of(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ack_ask *ask, size_t stage, struct ouv_id *token_out)
{
	const char *addr = ouv_mail_addr_fold(arena, ask->addr);
	const char *at = strrchr(addr, '@');

	memset(token_out, 0, sizeof(*token_out));
	if (stage == 0)
		*token_out = ask->sender;
	else if (stage == 1)
		ouv_ident_token(desk->office->k_id, "domain",
			at != NULL ? at + 1 : addr, token_out);
}

/* Each stage counts only what the one before let pass: a sender above their
 * number must not use up everybody's. */
enum ouv_err
ack_allow(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	int64_t now, struct ack_ask *asks, size_t count)
{
	const struct ouv_config *config = desk->office->config;
	const struct stage stages[] = {
		{ "sender", DAY, config->mailgw_acks_sender_day },
		{ "domain", HOUR, config->mailgw_acks_domain_hour },
		{ "office", HOUR, config->mailgw_acks_hour },
	};
	struct store_rate *rates =
		ouv_arena_array(arena, count, sizeof(*rates));

	for (size_t i = 0; i < count; i++)
		asks[i].allowed = true;
	for (size_t s = 0; s < sizeof(stages) / sizeof(stages[0]); s++) {
		size_t n = 0;

		for (size_t i = 0; i < count; i++) {
			if (!asks[i].allowed)
				continue;
			rates[n] = (struct store_rate){ .scope =
								stages[s].scope,
				.start_at = now - now % stages[s].window };
			token_of(desk, arena, &asks[i], s, &rates[n++].token);
		}
		TRY(store_rates_add(tx, arena, rates, n));
		n = 0;
		for (size_t i = 0; i < count; i++)
			if (asks[i].allowed)
				asks[i].allowed =
					rates[n++].count <= stages[s].most;
	}
	return OUV_OK;
}

enum ouv_err
ack_queue(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	struct casefile *file, const struct consumer *to,
	const struct ack_facts *facts)
{
	char hex[OUV_ID_HEX];
	struct ouv_id outbox;
	json_t *data;
	struct letter_out letter = { .template = "ack",
		.lang = to->lang,
		.kind = "acknowledgement",
		.automatic = true,
		.in_reply_to = facts->mail->message_id,
		.references = facts->mail->references,
		.now = facts->now };
	enum ouv_err err;

	ouv_id_hex(&file->id, hex);
	letter.dedupe_key = ouv_arena_printf(arena, "ack:%s", hex);
	letter.data = data = json_pack("{s:s, s:s, s:b, s:s, s:s, s:b}",
		"protocol", file->protocol, "name", to->name, "has_name",
		*to->name != '\0', "received_on",
		letter_when(arena, to->lang, facts->received_at, true),
		"first_reply_by",
		letter_when(arena, to->lang,
			letter_due(desk->office, facts->now), true),
		"too_large", (int)facts->oversize);
	err = letter_queue(desk, tx, arena, file, to, &letter, &outbox);
	json_decref(data);
	if (err != OUV_OK)
		return err;
	return log_case(desk, tx, file, NULL, "acknowledge", &outbox);
}
