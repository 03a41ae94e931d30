/*
 * sql_upload.h - the rows of sql.c's table about files that a form brings
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	/* Of that form: how many, how much; of everybody: how much. */
	[SQL_UPLOAD_SUMS] = { "upload_sums", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT count(*) FILTER (WHERE form = $1),"
		" (coalesce(sum(bytes) FILTER (WHERE form = $1), 0))::int8,"
		" (coalesce(sum(bytes), 0))::int8 FROM upload" },
	/* No row: another file took that number at the same moment. */
	[SQL_UPLOAD_BEGIN] = { "upload_begin", 2, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO upload (form, n, id)"
		" SELECT $1, coalesce(max(n) + 1, 0), $2"
		"   FROM upload WHERE form = $1"
		" ON CONFLICT DO NOTHING RETURNING n" },
	[SQL_UPLOAD_CHUNK] = { "upload_chunk", 3, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO upload_chunk (upload, n, ct) VALUES ($1, $2, $3)" },
	[SQL_UPLOAD_GROW] = { "upload_grow", 2, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE upload SET bytes = $2, at = now()"
		" WHERE id = $1 AND head IS NULL" },
	[SQL_UPLOAD_KEEP] = { "upload_keep", 2, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE upload SET head = $2, at = now()"
		" WHERE id = $1 AND head IS NULL" },
	[SQL_UPLOADS] = { "uploads", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT n, id, bytes, head FROM upload"
		" WHERE form = $1 AND head IS NOT NULL ORDER BY n" },
	[SQL_UPLOAD_CHUNKS] = { "upload_chunks", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT n, ct FROM upload_chunk WHERE upload = $1 AND n >= $2"
		" ORDER BY n LIMIT $3::int4" },
	[SQL_UPLOAD_DROP] = { "upload_drop", 1, SQL_SERVER, SQL_PLAIN,
		"DELETE FROM upload WHERE id = $1" },
	[SQL_UPLOAD_REMOVE] = { "upload_remove", 2, SQL_SERVER, SQL_PLAIN,
		"DELETE FROM upload WHERE form = $1"
		" AND ($2::int4 < 0 OR n = $2::int4)" },
	/* A form that nobody finished in a day; a file that came to a halt. */
	[SQL_UPLOAD_SWEEP] = { "upload_sweep", 0, SQL_SERVER, SQL_PLAIN,
		"DELETE FROM upload WHERE at < now() - interval '1 day'"
		" OR (head IS NULL AND at < now() - interval '15 minutes')" },
