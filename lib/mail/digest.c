/*
 * digest.c - the SHA-256 by which a message and its parts are named
 */
#include "internal.h"

void
ouv_mail_sha256(const void *data, size_t len, char hex_out[65])
{
	mail_sha256(data, len, hex_out);
}
