/*
 * audit.c - one link of the chain of events
 */
#include <string.h>

#include "inner.h"

#define DOMAIN 16
#define ACTION OUV_AUDIT_ACTION
#define HEAD (DOMAIN + 16 + 8 + 8 + 16 + 8 + 16 + ACTION + 16)

void
ouv_audit_hash(const struct ouv_audit_event *event, uint8_t hash_out[32])
{
	const size_t action_len = strlen(event->action);
	uint8_t head[HEAD] = "OUV-AUDIT-1", details[32];
	uint8_t *p = head + DOMAIN;

	if (action_len > ACTION)
		vault_die("name of an audit action is too long");
	memcpy(p, event->chain.b, 16);
	vault_put64(p + 16, event->seq);
	vault_put64(p + 24, event->at_us);
	memcpy(p + 32, event->signer.b, 16);
	vault_put64(p + 48, event->signer_seq);
	memcpy(p + 56, event->actor.b, 16);
	memcpy(p + 72, event->action, action_len);
	memcpy(p + 72 + ACTION, event->object.b, 16);
	/* The details are deleted with their case; their hash stays, and with
	 * it the chain. */
	vault_hash(NULL, VAULT_PARTS({ event->details, event->details_len }),
		details, sizeof(details));
	vault_hash(NULL,
		VAULT_PARTS({ head, sizeof(head) },
			{ details, sizeof(details) },
			{ event->prev, sizeof(event->prev) }),
		hash_out, 32);
}

void
ouv_audit_mac(
	const uint8_t key[OUV_KEY], const uint8_t hash[32], uint8_t mac_out[16])
{
	uint8_t mac[32];

	vault_hash(key, VAULT_PARTS({ hash, 32 }), mac, sizeof(mac));
	memcpy(mac_out, mac, 16);
	ouv_wipe(mac, sizeof(mac));
}

void
ouv_audit_ratchet(uint8_t key[OUV_KEY])
{
	uint8_t next[OUV_KEY];

	vault_hash(NULL, VAULT_PARTS({ key, OUV_KEY }), next, sizeof(next));
	memcpy(key, next, OUV_KEY);
	ouv_wipe(next, sizeof(next));
}
