/*
 * letter_cover.c - what a company gets by mail in the place of a letter's words
 *
 * Mail is read by whoever reads a company's mailbox.  So it gets the number of
 * the case, the date and the link; the letter itself lies on its page, to be
 * opened with the code.  A company that asked for it in writing gets all of the
 * text by mail, and so does whoever has no page.
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/store_company_page.h"
#include "move.h"

#define COVER "case-news"

/* These say no more of a case than its number. */
static const char *const as_they_are[] = { "handed-over", "page-code",
	"received-company" };

static bool
says_nothing(const char *template)
{
	for (size_t i = 0; i < sizeof(as_they_are) / sizeof(*as_they_are); i++)
		if (strcmp(template, as_they_are[i]) == 0)
			return true;
	return false;
}

enum ouv_err
letter_is_covered(struct store_tx *tx, const struct consumer *to,
	const char *template, bool *is_covered_out)
{
	bool all, page;

	*is_covered_out = false;
	if (to->by_post || ouv_id_is_zero(&to->contact) ||
		says_nothing(template))
		return OUV_OK;
	TRY(store_member_mail(tx, &to->contact, &all, &page));
	*is_covered_out = !all && (page || to->page_code != NULL);
	return OUV_OK;
}

/* Of what the letter says, what its cover says as well. */
static json_t *
cover_data(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct consumer *to, const json_t *data)
{
	static const char *const names[] = { "protocol", "name", "your_by",
		"page_url", "page_code" };
	json_t *cover = json_pack("{s:s, s:s}", "signature",
		desk->office->config->office_name, "link_url",
		link_url(desk, arena, to));

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		json_t *value = json_object_get(data, names[i]);

		if (value != NULL)
			(void)json_object_set(cover, names[i], value);
	}
	return cover;
}

enum ouv_err
letter_cover(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct consumer *to,
	const struct letter_out *letter, struct letter_words *cover_out,
	bool *is_covered_out)
{
	struct letter_out cover = *letter;
	enum ouv_err err;

	TRY(letter_is_covered(tx, to, letter->template, is_covered_out));
	if (!*is_covered_out)
		return OUV_OK;
	cover.template = COVER;
	cover.data = cover_data(desk, arena, to, letter->data);
	err = letter_words(desk, tx, arena, to, &cover, cover_out);
	json_decref(cover.data);
	return err;
}
