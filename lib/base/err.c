/*
 * err.c - the words for the few things a caller can do about a failure
 */
#include "ouv/err.h"

const char *
ouv_err_name(enum ouv_err err)
{
	static const char *const names[OUV_ERR__COUNT] = {
		[OUV_OK] = "ok",
		[OUV_NOT_FOUND] = "not_found",
		[OUV_INVALID] = "invalid",
		[OUV_REFUSED] = "refused",
		[OUV_CONFLICT] = "conflict",
		[OUV_TEMPORARY] = "temporary",
	};

	return err < OUV_ERR__COUNT ? names[err] : "unknown";
}
