/*
 * post_press.c - letters become files: what a program that prints needs
 *
 * A file of its own, so that a program that does not name it needs no fonts.
 */
#include "ouv/post.h"
#include "desk_impl.h"

void
ouv_office_press(
	struct ouv_office *office, ouv_post_press_fn *press, void *user)
{
	office->press = press;
	office->press_user = user;
}

enum ouv_err
ouv_post_press(void *user, struct ouv_arena *arena,
	const struct ouv_post_paper *paper, struct ouv_print_made *made_out)
{
	const struct ouv_print_about about = { .title = paper->letter.subject,
		.author = paper->letter.office,
		.lang = paper->lang,
		.made_at = paper->made_at };
	struct ouv_print *print;

	(void)user;
	TRY(ouv_print_begin(arena, &about, &print));
	ouv_print_letter(print, &paper->letter);
	return ouv_print_end(print, made_out);
}
