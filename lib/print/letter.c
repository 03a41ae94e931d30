/*
 * letter.c - the first page of a letter (DIN 5008:2020, form B)
 *
 * Places are millimetres from the sheet's edges, as the standard has them: the
 * window, the column beside it, the marks for folding and punching.
 */
#include <string.h>

#include "inner.h"

#define INSET 5 /* of the words from the window's edge */
#define WORDS_WIDTH (OUV_PRINT_FIELD_WIDTH - 2 * INSET)
#define ADDRESS_HEIGHT (OUV_PRINT_FIELD_HEIGHT - OUV_PRINT_RETURN_HEIGHT)
#define SENDER_LINE 4 /* one line of it is lower, two are higher */
#define SIDE_LEFT 125 /* the column beside the window */
#define SIDE_TOP 50
#define SIDE_WIDTH 65
#define QR_WIDTH 27
#define HEAD_TOP 14
#define WORDS_TOP 98.46 /* where the subject stands */

static const struct type office_type = { .size = 14, .strong = true };
static const struct type head_type = { .size = 8.5 };
static const struct type service_type = { .size = 8, .strong = true };
static const struct type side_type = { .size = 9.5 };
static const struct type side_strong = { .size = 11, .strong = true };

static const char *
lines(struct ouv_print *print, const char *const *list, size_t count)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, print->arena, 256);
	for (size_t i = 0; i < count; i++)
		ouv_buf_printf(&buf, "%s%s", i > 0 ? "\n" : "", list[i]);
	return told_text(print, buf.data);
}

static const char *const *
copy_list(struct ouv_print *print, const char *const *list, size_t count)
{
	const char **out =
		ouv_arena_array(print->arena, count + 1, sizeof(*out));

	for (size_t i = 0; i < count; i++)
		out[i] = told_text(print, list[i]);
	return out;
}

/* What stands in a block is joined here: one text of several lines. */
struct ouv_print_letter *
letter_copy(struct ouv_print *print, const struct ouv_print_letter *from)
{
	struct ouv_print_letter *to =
		ouv_arena_memdup(print->arena, from, sizeof(*from));
	const char *head = lines(print, from->head, from->head_count);
	const char *address = lines(print, from->to, from->to_count);

	to->office = told_text(print, from->office);
	to->head = copy_list(print, &head, 1);
	to->sender = told_text(print, from->sender);
	to->service = told_text(print, from->service);
	to->to = copy_list(print, &address, 1);
	to->place_date = told_text(print, from->place_date);
	to->reference_label = told_text(print, from->reference_label);
	to->reference = told_text(print, from->reference);
	to->qr = from->qr != NULL ? ouv_arena_strdup(print->arena, from->qr)
				  : NULL;
	return to;
}

/* ---- drawing ---------------------------------------------------------------
 */

static void
mark(struct flow *flow, double at, double from, double to)
{
	cairo_move_to(flow->cr, MM(from), MM(at));
	cairo_line_to(flow->cr, MM(to), MM(at));
}

static void
marks(struct flow *flow)
{
	if (flow->cr == NULL)
		return;
	cairo_set_line_width(flow->cr, 0.3);
	mark(flow, OUV_PRINT_FOLD_1, 5, 9);
	mark(flow, OUV_PRINT_HOLE, 5, 11);
	mark(flow, OUV_PRINT_FOLD_2, 5, 9);
	cairo_stroke(flow->cr);
}

/* As large as type says, or smaller until the words fit: no line is ever
 * hidden by the envelope, and none is broken that can stay whole. */
static struct type
fitted(struct flow *flow, struct type type, double least, const char *text,
	double height)
{
	while (type.size > least) {
		PangoLayout *layout =
			flow_layout(flow, &type, text, MM(WORDS_WIDTH));
		double has = flow_height(layout);

		g_object_unref(layout);
		if (has <= height)
			break;
		type.size -= 0.5;
	}
	return type;
}

/* Six lines have their size; more are written smaller. */
static void
address(struct flow *flow, const char *text)
{
	const double top = MM(OUV_PRINT_FIELD_TOP + OUV_PRINT_RETURN_HEIGHT);
	const struct type type = fitted(flow, (struct type){ .size = 10.5 }, 5,
		text, MM(ADDRESS_HEIGHT));

	(void)flow_at(flow, &type, text, MM(OUV_PRINT_FIELD_LEFT + INSET), top,
		MM(WORDS_WIDTH), "P");
}

/* So that its last line ends above y; where it begins. */
static double
over(struct flow *flow, const struct type *type, const char *text, double y)
{
	PangoLayout *layout = flow_layout(flow, type, text, MM(WORDS_WIDTH));

	if (*text != '\0')
		y -= flow_height(layout) + MM(1.2);
	g_object_unref(layout);
	(void)flow_at(flow, type, text, MM(OUV_PRINT_FIELD_LEFT + INSET), y,
		MM(WORDS_WIDTH), "P");
	return y;
}

/* What comes back says to whom, in one line if it can; what is sent registered
 * says so. */
static void
above(struct flow *flow, const struct ouv_print_letter *letter)
{
	const struct type sender = fitted(flow, (struct type){ .size = 7 }, 5.5,
		letter->sender, MM(SENDER_LINE));
	double y = MM(OUV_PRINT_FIELD_TOP + OUV_PRINT_RETURN_HEIGHT);

	y = over(flow, &service_type, letter->service, y);
	(void)over(flow, &sender, letter->sender, y);
}

static void
beside(struct flow *flow, const struct ouv_print_letter *letter)
{
	double y = MM(SIDE_TOP);

	y += flow_at(flow, &side_type, letter->place_date, MM(SIDE_LEFT), y,
		MM(SIDE_WIDTH), "P");
	y += MM(1.5);
	y += flow_at(flow, &side_type, letter->reference_label, MM(SIDE_LEFT),
		y, MM(SIDE_WIDTH), "P");
	y += flow_at(flow, &side_strong, letter->reference, MM(SIDE_LEFT), y,
		MM(SIDE_WIDTH), "P");
	/* Its quiet zone is white already. */
	square_draw(flow, letter->qr, MM(SIDE_LEFT) - MM(2), y, MM(QR_WIDTH));
}

void
letter_head(struct flow *flow, const struct ouv_print_letter *letter)
{
	double y = MM(HEAD_TOP);

	marks(flow);
	y += flow_at(
		flow, &office_type, letter->office, LEFT, y, TEXT_WIDTH, "P");
	(void)flow_at(
		flow, &head_type, letter->head[0], LEFT, y, TEXT_WIDTH, "P");
	above(flow, letter);
	address(flow, letter->to[0]);
	beside(flow, letter);
	flow->y = MM(WORDS_TOP);
}
