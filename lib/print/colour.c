/*
 * colour.c - what the colours of a page mean
 *
 * The only door to lcms2.  A page's red, green and blue mean nothing by
 * themselves; a file for keeping says which: sRGB (IEC 61966-2.1).
 */
#include <lcms2.h>
#include <string.h>

#include "inner.h"
#include "ouv/log.h"

#define ICC_VERSION 2.1
#define CREATED_AT 24 /* ICC.1, 7.2: twelve bytes, year to second */

static const unsigned char created[12] = { 0x07, 0xd0, 0, 1, 0, 1 };

enum ouv_err
colour_srgb(struct ouv_arena *arena, struct ouv_str *out)
{
	cmsHPROFILE profile = cmsCreate_sRGBProfile();
	cmsUInt32Number len = 0;
	unsigned char *bytes = NULL;

	if (profile == NULL)
		goto failed;
	cmsSetProfileVersion(profile, ICC_VERSION);
	if (!cmsSaveProfileToMem(profile, NULL, &len) || len < 128)
		goto failed;
	bytes = ouv_arena_alloc(arena, len);
	if (!cmsSaveProfileToMem(profile, bytes, &len))
		goto failed;
	(void)cmsCloseProfile(profile);
	/* It says when it was made; we are asked for the same bytes. */
	memcpy(bytes + CREATED_AT, created, sizeof(created));
	*out = (struct ouv_str){ (const char *)bytes, len };
	return OUV_OK;
failed:
	if (profile != NULL)
		(void)cmsCloseProfile(profile);
	ouv_log_error("lcms2 makes no sRGB profile");
	return OUV_TEMPORARY;
}
