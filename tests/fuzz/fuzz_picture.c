/*
 * fuzz_picture.c - pictures of any bytes: looked at without reading outside of
 * them, and never for ever
 */
#include <stdint.h>
#include <stdlib.h>

#include "ouv/attach.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const looks[])(const void *data, size_t len,
		struct ouv_look *look) = { ouv_look_jpeg, ouv_look_png,
		ouv_look_tiff };
	/* As those who call them promise: the marks are there. */
	static const size_t least[] = { 3, 8, 4 };

	for (size_t i = 0; i < 3; i++) {
		struct ouv_look look = { .type = NULL };

		if (size < least[i])
			continue;
		looks[i](data, size, &look);
		if (look.pages < 0 || look.locked)
			abort();
	}
	return 0;
}
