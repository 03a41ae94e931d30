/*
 * name.c - names that only we can have given: messages, senders, identifiers
 */
#include <string.h>

#include <sodium.h>

#include "inner.h"

#define ROW_CHARS 26
#define MAC 10
#define MAC_CHARS 16
#define ROW_AT 2 /* after "o." */
#define MAC_AT (ROW_AT + ROW_CHARS + 1)
#define NAME (MAC_AT + MAC_CHARS)

_Static_assert(NAME < OUV_NAME_MAX, "name and zero");

static void
name_mac(const struct ouv_key *k_tok, const char *label,
	const struct ouv_id *row, uint8_t mac_out[MAC])
{
	uint8_t hash[OUV_KEY];

	ouv_hash_keyed(
		ouv_key_bytes(k_tok), label, row->b, sizeof(row->b), hash);
	memcpy(mac_out, hash, MAC);
	sodium_memzero(hash, sizeof(hash));
}

void
ouv_message_name(const struct ouv_key *k_tok, const char *label,
	const struct ouv_id *row, char out[OUV_NAME_MAX])
{
	uint8_t mac[MAC];

	name_mac(k_tok, label, row, mac);
	memcpy(out, "o.", ROW_AT);
	base32_write(row->b, sizeof(row->b), out + ROW_AT, ROW_CHARS);
	out[MAC_AT - 1] = '.';
	base32_write(mac, sizeof(mac), out + MAC_AT, MAC_CHARS);
	out[NAME] = 0;
}

enum ouv_err
ouv_message_name_read(const struct ouv_key *k_tok, const char *label,
	const char *text, size_t len, struct ouv_id *row_out)
{
	uint8_t given[MAC], mac[MAC];
	struct ouv_id row;
	bool ours = false;

	if (len != NAME || (text[0] != 'o' && text[0] != 'O') ||
		text[1] != '.' || text[MAC_AT - 1] != '.')
		return OUV_INVALID;
	if (!base32_read(text + ROW_AT, ROW_CHARS, row.b, sizeof(row.b)) ||
		!base32_read(text + MAC_AT, MAC_CHARS, given, sizeof(given)))
		return OUV_INVALID;
	for (; k_tok != NULL && !ours; k_tok = ouv_key_former(k_tok)) {
		name_mac(k_tok, label, &row, mac);
		ours = sodium_memcmp(given, mac, MAC) == 0;
	}
	if (!ours)
		return OUV_INVALID;
	*row_out = row;
	return OUV_OK;
}

void
ouv_ident_token(const struct ouv_key *k_id, const char *kind, const char *value,
	struct ouv_id *token_out)
{
	/* kind with its zero: "ab" and "c" are not "a" and "bc". */
	vault_hash(ouv_key_bytes(k_id),
		VAULT_PARTS(VAULT_LABEL("ident"), { kind, strlen(kind) + 1 },
			{ value, strlen(value) }),
		token_out->b, sizeof(token_out->b));
}
