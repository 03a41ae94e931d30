/*
 * page.h - the pages, each a function that fills the response
 */
#ifndef SERVER_PAGE_H
#define SERVER_PAGE_H

#include "server.h"

/* page_login.c */
void page_login(struct request *request);
void page_login_post(struct request *request);
void page_logout(struct request *request);
void page_language(struct request *request);
/* A form came without a session: shows what was typed and the way back. */
void page_login_lost(struct request *request);

/* page_worklist.c */
void page_worklist(struct request *request);

/* page_held.c */
void page_held(struct request *request);

/* page_case.c */
void page_case(struct request *request);
void page_case_post(struct request *request);
struct trouble;
/* The case, with the form that came back and why. */
void page_case_show(struct request *request, const struct trouble *trouble);
/* The fields that are the verb's own, cleaned as a page shows them. */
size_t page_case_fields(
	const struct request *request, struct ouv_field out[FORM_FIELDS]);
/* page_write.c */
void page_check(struct request *request);
/* page_move.c */
void page_move(struct request *request);
/* The form of the act that was sent, and why it was not done. */
void page_move_again(struct request *request, enum ouv_err err,
	const struct ouv_verb_result *result);
void page_move_letters(struct request *request);
/* page_bytes.c */
void page_item_raw(struct request *request);
void page_item_part(struct request *request);
/* page_text.c */
void page_item_text(struct request *request);

/* page_texts.c and its neighbours */
void page_texts(struct request *request);
void page_texts_waiting(struct request *request);
void page_texts_decide(struct request *request);
void page_texts_one(struct request *request);
void page_texts_compare(struct request *request);
void page_texts_back(struct request *request);
void page_texts_back_post(struct request *request);
void page_texts_edit(struct request *request);
void page_texts_edit_post(struct request *request);
void page_texts_preview(struct request *request);
void page_texts_html(struct request *request);

/* page_calendar.c, page_absence.c, page_profile.c */
void page_calendar(struct request *request);
void page_days(struct request *request);
void page_day_decide(struct request *request);
void page_absences(struct request *request);
void page_absence_new(struct request *request);
void page_absence_new_post(struct request *request);
void page_absence_end(struct request *request);
void page_profile(struct request *request);
void page_profile_post(struct request *request);

/* page_register.c, page_reports.c */
void page_conflicts(struct request *request);
void page_conflict_new(struct request *request);
void page_conflict_end(struct request *request);
void page_training_new(struct request *request);
void page_reports(struct request *request);

/* page_link.c */
void page_link(struct request *request);
void page_link_post(struct request *request);

/* page_error.c: the page for a status; none of them needs the database. */
void page_error(struct request *request, int status);
/* ... for an error of the desk; drops the desk when it is temporary. */
void page_error_desk(struct request *request, enum ouv_err err);

/* page_health.c */
void page_health(struct request *request);
void page_metrics(struct request *request);

/* page_static.c */
OUV_MUST_CHECK enum ouv_err assets_load(struct server *server);
void page_static(struct request *request);

#endif
