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
/* A path of ours to go on to; "/" when it is not one. */
const char *page_onward(const char *to);
/* page_choice.c: themes, and the keys one may press */
/* The page to log in, with what it held. */
void page_login_again(struct request *request);
void page_theme(struct request *request);
/* Did a button for language or theme send this form?  Then it has been shown as
 * it was sent. */
bool page_choice_taken(struct request *request);
void page_keys(struct request *request);
void page_keys_post(struct request *request);
/* page_office.c: where everything is that is not in the menu */
void page_office(struct request *request);
/* page_components.c: each part of pages in each of its states */
void page_components(struct request *request);
/* A form came without a session: keeps what was typed, and the way back. */
void page_login_lost(struct request *request);
/* A form to log in that is not of this visit, with what was typed before: the
 * page again, or the form to whoever is logged in.  Nothing is done. */
void page_login_late(struct request *request);

/* Forms that came back by a login (again.c): each shown as it was sent. */
void page_case_again(struct request *request);
void page_check_again(struct request *request);
void page_view_again(struct request *request);
void page_bulk_again(struct request *request);
void page_texts_edit_again(struct request *request);
void page_texts_back_again(struct request *request);
void page_texts_decide_again(struct request *request);
void page_absence_again(struct request *request);
void page_company_again(struct request *request);
void page_unit_again(struct request *request);
void page_contact_again(struct request *request);
void page_paper_again(struct request *request);
void page_conflict_again(struct request *request);
void page_training_again(struct request *request);
void page_profile_again(struct request *request);

/* page_account.c: one's own password and sessions */
void page_password(struct request *request);
void page_password_post(struct request *request);
void page_sessions(struct request *request);
void page_sessions_end(struct request *request);
void page_sessions_known(struct request *request);
/* To what has to be done first. */
void page_entering(struct request *request);
/* page_codes.c: the authenticator and the recovery code */
void page_device(struct request *request);
void page_device_begin(struct request *request);
void page_device_confirm(struct request *request);
void page_recovery(struct request *request);
void page_recovery_begin(struct request *request);
void page_recovery_confirm(struct request *request);
/* page_invite.c */
void page_invite(struct request *request);
/* page_recover.c */
void page_recover(struct request *request);
void page_recover_post(struct request *request);

/* page_step.c */
/* What was posted needs a code first: asks for it and keeps the fields. */
void page_step_up(struct request *request);
/* Takes the field code_now out of the form, if there is one, and steps up with
 * it.  False: it was wrong, and that has been answered. */
bool step_up_taken(struct request *request);

/* page_worklist.c */
void page_worklist(struct request *request);
/* page_views.c, page_cases_csv.c, page_bulk.c: what the list offers */
void page_view_add(struct request *request);
void page_view_drop(struct request *request);
void page_cases_csv(struct request *request);
void page_bulk(struct request *request);

/* page_post.c, page_post_act.c, page_post_csv.c: letters on paper */
void page_letters(struct request *request);
void page_letters_again(struct request *request);
void page_letters_print(struct request *request);
void page_letters_post(struct request *request);
void page_letters_end(struct request *request);
void page_letters_csv(struct request *request);

/* page_search.c */
void page_search(struct request *request);
void page_search_post(struct request *request);

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
/* page_scan.c: a page of an attachment that is a picture, and that picture */
void page_scan(struct request *request);
void page_scan_picture(struct request *request);
/* Content-Disposition of a download with that name. */
const char *download_name(struct request *request, const char *name);
/* page_export.c: a copy of a case, as the answer to the form that asked for
 * it. */
struct ouv_copy;
void page_export(struct request *request, struct ouv_copy *copy);
/* page_text.c */
void page_item_text(struct request *request);
/* page_layout.c: the layout its sender gave it; the name it is framed from */
void page_item_layout(struct request *request);
void page_view(struct request *request);
void page_view_refuse(struct request *request, int status);

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

/* page_due.c, page_due_ics.c */
void page_due(struct request *request);
void page_due_ics(struct request *request);
/* page_company.c, page_company_edit.c */
void page_companies(struct request *request);
void page_company(struct request *request);
void page_company_edit(struct request *request);
void page_company_put(struct request *request);
void page_unit_edit(struct request *request);
void page_unit_put(struct request *request);
void page_contact_edit(struct request *request);
void page_contact_put(struct request *request);
/* page_tokens.c */
void page_tokens(struct request *request);
void page_token_new(struct request *request);
void page_token_end(struct request *request);
void page_token_again(struct request *request);
/* page_admin.c and its neighbours */
/* May they see the office's machinery?  False: answered with an error. */
bool admin_may(struct request *request);
void page_admin(struct request *request);
void page_admin_roles(struct request *request);
void page_admin_deadlines(struct request *request);
void page_admin_codes(struct request *request);
void page_admin_keys(struct request *request);

/* page_register.c, page_spread.c */
void page_conflicts(struct request *request);
void page_conflict_new(struct request *request);
void page_conflict_end(struct request *request);
void page_training_new(struct request *request);
void page_spread(struct request *request);
/* page_figures.c: all of them; one, as a page or as NAME.csv */
void page_figures(struct request *request);
void page_figure(struct request *request);
/* page_retention.c */
void page_retention(struct request *request);
/* page_letter.c: what came on paper, by telephone or in person */
bool page_letter_may(const struct request *request);
void page_letter(struct request *request);
void page_letter_put(struct request *request);
void page_letter_again(struct request *request);
/* page_call.c: a message that was taken for a colleague */
void page_call(struct request *request);
void page_call_put(struct request *request);
void page_call_again(struct request *request);
/* page_paper.c: a request that came by letter or by telephone */
void page_paper(struct request *request);
void page_paper_put(struct request *request);
/* page_loose.c */
void page_loose(struct request *request);
void page_loose_erase(struct request *request);
/* What is left of the case that the address names; false: it was not erased,
 * and nothing was answered. */
bool page_tombstone(struct request *request);
/* view_fate.c: that held mail was decided on by somebody else; false: it was
 * not.  trouble NULL: it is only looked at. */
struct trouble;
bool page_decided(struct request *request, const struct trouble *trouble);

/* page_people.c */
void page_people(struct request *request);
void page_person(struct request *request);
void page_person_keys(struct request *request);
void page_person_leave(struct request *request);

/* page_log.c: of a case; the office's */
void page_case_log(struct request *request);
void page_office_log(struct request *request);

/* page_track_in.c, page_track.c, page_track_say.c: a consumer's case */
void page_track(struct request *request);
void page_track_post(struct request *request);
void page_track_leave(struct request *request);
void page_track_ask(struct request *request);
void page_track_ask_post(struct request *request);
void page_track_message(struct request *request);
void page_track_file(struct request *request);
void page_track_say(struct request *request);
void page_track_say_post(struct request *request);

/* page_link.c */
void page_link(struct request *request);
void page_link_post(struct request *request);

/* page_member_in.c, page_member_link.c: the way in for who answers for a
 * company */
void page_member_post(struct request *request);
void page_member_leave(struct request *request);
void page_member_link(struct request *request);
void page_member_link_post(struct request *request);
void page_member_ask(struct request *request);
void page_member_ask_post(struct request *request);
/* page_member.c, page_member_case.c: their cases, one of them, its files */
void page_member(struct request *request);
void page_member_file(struct request *request);
void page_member_text(struct request *request);
/* page_member_say.c, page_member_hand.c: what they write there */
void page_member_form(struct request *request);
void page_member_form_post(struct request *request);
void page_member_hand(struct request *request);
void page_member_hand_post(struct request *request);
/* page_member_figures.c */
void page_member_figures(struct request *request);
void page_member_figures_csv(struct request *request);
void page_member_promises_csv(struct request *request);

/* page_release.c */
void page_release(struct request *request);
void page_release_post(struct request *request);
void page_released(struct request *request);
void page_released_file(struct request *request);

/* page_error.c: the page for a status; none of them needs the database. */
void page_error(struct request *request, int status);
/* 405: leads back to the page that the address belongs to. */
void page_error_method(struct request *request);
/* ... for an error of the desk; drops the desk when it is temporary. */
void page_error_desk(struct request *request, enum ouv_err err);

/* page_health.c */
void page_health(struct request *request);
void page_metrics(struct request *request);

/* page_static.c */
OUV_MUST_CHECK enum ouv_err assets_load(struct server *server);
void page_static(struct request *request);

#endif
