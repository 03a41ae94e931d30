/*
 * bench_scan.c - how long a page of A4 takes to be read, and how much memory
 *
 * A letter at 300 dots to the inch, slightly askew and noisy, as a PDF of 100
 * such pages; some of them are read behind the fence, as the console does it.
 * Time is that of the processor, of the children that read, so that a busy
 * machine does not change the figure.
 *
 *   bench_scan PAGES
 *   prints {"pages":…,"seconds":…,"kb_child":…,"kb_keeper":…,"mb_file":…}
 */
#include "../../server/scanner.c"
#include "../../server/turn.c"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../lib/fence/fence_int.h"
#include "../unit/scan_pages.h"

#define ALL 100

static struct ouv_str
pdf_of(struct ouv_arena *arena, const l_uint8 *jpeg, size_t len, int wide,
	int high)
{
	struct ouv_buf out;

	ouv_buf_init(&out, arena, ALL * (len + 1000));
	ouv_buf_printf(&out,
		"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
		"2 0 obj<</Type/Pages/Count %d/Kids[",
		ALL);
	for (int i = 0; i < ALL; i++)
		ouv_buf_printf(&out, "%d 0 R ", 10 + i * 3);
	ouv_buf_text(&out, "]>>endobj\n");
	for (int i = 0; i < ALL; i++) {
		ouv_buf_printf(&out,
			"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 "
			"842]/Resources<</XObject<</I %d 0 R>>>>/Contents %d 0 "
			"R>>endobj\n%d 0 obj<</Length 30>>stream\nq 595 0 0 "
			"842 "
			"0 0 cm /I Do Q   \nendstream endobj\n%d 0 obj<</Type"
			"/XObject/Subtype/Image/Width %d/Height %d/ColorSpace"
			"/DeviceGray/BitsPerComponent 8/Filter/DCTDecode"
			"/Length %zu>>stream\n",
			10 + i * 3, 12 + i * 3, 11 + i * 3, 11 + i * 3,
			12 + i * 3, wide, high, len);
		ouv_buf_add(&out, jpeg, len);
		ouv_buf_text(&out, "\nendstream endobj\n");
	}
	ouv_buf_text(&out, "trailer<</Root 1 0 R>>\n%%EOF\n");
	return (struct ouv_str){ out.data, out.len };
}

static struct ouv_str
scan_of(struct ouv_arena *arena)
{
	const struct scan_look look = { .inch = 300, .angle = 0.7, .noise = 2 };
	PIX *pix = scan_draw(letter_pt, &look);
	struct ouv_str out;
	l_uint8 *jpeg = NULL;
	size_t len = 0;

	if (pixWriteMemJpeg(&jpeg, &len, pix, 50, 0) != 0)
		abort();
	out = pdf_of(arena, jpeg, len, pixGetWidth(pix), pixGetHeight(pix));
	lept_free(jpeg);
	pixDestroy(&pix);
	return out;
}

/* A line of /proc/PID/status, in KiB. */
static long
status_of(pid_t pid, const char *name)
{
	char path[64], line[256];
	long kb = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, name, strlen(name)) == 0)
			kb = strtol(line + strlen(name), NULL, 10);
	if (file != NULL)
		(void)fclose(file);
	return kb;
}

/* Of a process that lives. */
static double
seconds_of(pid_t pid)
{
	char path[64], line[1024];
	unsigned long user = 0, sys = 0;
	FILE *file;
	char *p;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file != NULL && fgets(line, sizeof(line), file) != NULL &&
		(p = strrchr(line, ')')) != NULL)
		(void)sscanf(p + 2,
			"%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			&user, &sys);
	if (file != NULL)
		(void)fclose(file);
	return (double)(user + sys) / (double)sysconf(_SC_CLK_TCK);
}

int
main(int argc, char **argv)
{
	const int pages = argc > 1 ? atoi(argv[1]) : 5;
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_arena *one = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_str file, answer;
	struct ouv_ocr_page page;
	double seconds = 0;

	if (pages < 1 || scanner_begin() != OUV_OK || !scanner_reads())
		return 1;
	file = scan_of(arena);
	for (int i = 0; i < pages; i++) {
		const struct ouv_scan_wish wish = { .ask = OUV_SCAN_READ,
			.page = 1 + i * ALL / pages,
			.kind = 's',
			.lang = "pt-BR" };

		if (scanner_read(NULL, one, &wish, file, &answer) != OUV_OK ||
			ouv_ocr_page_read(one, answer, &page) != OUV_OK ||
			page.words < 150)
			return 1;
		/* The child lives until the next page, and read this one. */
		seconds += seconds_of(
			(pid_t)ouv_fence_stats(scanner.reading).child);
		ouv_arena_reset(one);
	}
	printf("{\"pages\":%d,\"seconds\":%.2f,\"kb_child\":%ld,\"kb_keeper\":"
	       "%ld,\"mb_file\":%.1f}\n",
		pages, seconds / pages, scanner_largest_kb(),
		status_of(scanner.reading->keeper, "VmRSS:"),
		(double)file.len / 1e6);
	scanner_end();
	ouv_arena_free(&one);
	ouv_arena_free(&arena);
	return 0;
}
