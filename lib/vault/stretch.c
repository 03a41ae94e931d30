/*
 * stretch.c - Argon2id, so few at once that memory stays bounded
 *
 * One takes 256 MiB and half a second.  Three run, twenty wait, the rest are
 * told to come again: a storm of logins must not bring the machine down.
 */
#include <pthread.h>
#include <string.h>

#include <sodium.h>

#include "stretch.h"

#define RUNNING_MAX 3
#define WAITING_MAX 20

/* What a row may ask for: below is a forgery that makes guessing cheap, above
 * one that makes us stand still. */
#define OPS_MIN 1
#define OPS_MAX 10
#define MEM_MIN (UINT64_C(8) << 20)
#define MEM_MAX (UINT64_C(1) << 30)

_Static_assert(OUV_SALT == crypto_pwhash_SALTBYTES, "salt of Argon2id");

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t freed = PTHREAD_COND_INITIALIZER;
static int running, waiting;

static enum ouv_err
place_take(void)
{
	enum ouv_err err = OUV_OK;

	(void)pthread_mutex_lock(&lock);
	if (running >= RUNNING_MAX && waiting >= WAITING_MAX) {
		err = OUV_TEMPORARY;
	} else {
		waiting++;
		while (running >= RUNNING_MAX)
			(void)pthread_cond_wait(&freed, &lock);
		waiting--;
		running++;
	}
	(void)pthread_mutex_unlock(&lock);
	return err;
}

static void
place_give(void)
{
	(void)pthread_mutex_lock(&lock);
	running--;
	(void)pthread_cond_signal(&freed);
	(void)pthread_mutex_unlock(&lock);
}

enum ouv_err
stretch(const char *secret, const uint8_t salt[OUV_SALT], uint32_t ops,
	uint64_t mem, uint8_t key_out[OUV_KEY])
{
	enum ouv_err err;

	if (ops < OPS_MIN || ops > OPS_MAX || mem < MEM_MIN || mem > MEM_MAX)
		return OUV_REFUSED;
	if ((err = place_take()) != OUV_OK)
		return err;
	/* The only failure left is that the memory could not be had. */
	if (crypto_pwhash(key_out, OUV_KEY, secret, strlen(secret), salt, ops,
		    (size_t)mem, crypto_pwhash_ALG_ARGON2ID13) != 0)
		err = OUV_TEMPORARY;
	place_give();
	return err;
}
