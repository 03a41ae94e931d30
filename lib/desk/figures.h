/*
 * figures.h - what figures.c and figure_times.c share
 */
#ifndef DESK_FIGURES_H
#define DESK_FIGURES_H

#include "desk_impl.h"
#include "ouv/figures.h"

struct store_figure;

struct making {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	struct store_figure *list; /* ordered by name, label, codes, value */
	size_t count;
	struct ouv_figures *out;
	size_t room[OUV_FIGURE__COUNT];
};

/* The row of that code, made if there is none; valid until the next is made. */
struct ouv_figure_row *figure_row(
	struct making *m, enum ouv_figure figure, const char *code);

/* Companies of too few complaints become one row, "others"; its number of them
 * is OUV_FIGURE_NONE where it is too small as well. */
void figure_fold(struct making *m);

/* figure_times.c: times, reply-hours, end-days, backlog. */
void figure_times(struct making *m);

#endif
