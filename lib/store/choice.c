/*
 * choice.c - how a person wants their pages
 */
#include "inner.h"
#include "ouv/store_console.h"

enum ouv_err
store_choice_theme(
	struct store_tx *tx, const struct ouv_id *person, const char *theme)
{
	return sql_write(
		tx, SQL_CHOICE_THEME, ARGS(SQL_ID(person), SQL_TEXT(theme)));
}

enum ouv_err
store_choice_keys(struct store_tx *tx, const struct ouv_id *person, bool on)
{
	return sql_write(
		tx, SQL_CHOICE_KEYS, ARGS(SQL_ID(person), SQL_BOOL(on)));
}
