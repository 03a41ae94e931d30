/*
 * config.c - the configuration file, as one table
 *
 * A row is a key: where it stands in the file, what shape it has, where it
 * goes, what it is without the file, and its help.  libinih splits the lines.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <ini.h>

#include "ouv/clock.h"
#include "ouv/config.h"

enum shape {
	TEXT,       /* anything, may be empty            */
	NEEDED,     /* text that must not be empty       */
	PATH,       /* relative to the file's folder     */
	NUMBER,     /* an integer from 1 to 1,000,000    */
	UPLOAD,     /* MiB that become a message         */
	PORT,       /* 1 to 65535                        */
	SECURITY,   /* tls, starttls, none               */
	LANGUAGE,   /* pt-BR, en, it                     */
	LEVEL,      /* error, warn, info, debug          */
	ADDRESS,    /* local@domain                      */
	HEX16,      /* 32 hexadecimal digits             */
	HEX32,      /* 64 hexadecimal digits, or empty   */
	ZONE,       /* in the time zone database         */
	CODE_PLACE, /* link, typed                     */
};

struct key {
	const char *section, *name;
	enum shape shape;
	size_t offset;
	const char *initial, *help;
};

#define AT(field) offsetof(struct ouv_config, field)
/* clang-format off */
static const struct key keys[] = {
	{ "office", "name", NEEDED, AT(office_name), "Ouvidoria", "Name of the office, as people read it" },
	{ "office", "address", ADDRESS, AT(office_address), "ouvidoria@localhost", "The one address consumers write to" },
	{ "office", "reply_local", NEEDED, AT(office_reply_local), "caso", "Reply addresses are reply_local+CODE@domain" },
	{ "office", "language", LANGUAGE, AT(office_language), "pt-BR", "Language when a mail's own is not known: pt-BR, en, it" },
	{ "office", "time_zone", ZONE, AT(office_time_zone), "America/Sao_Paulo", "IANA time zone of dates in letters and pages" },
	{ "office", "calendar", NEEDED, AT(office_calendar), "br", "When it is open: a file of paths.calendars, without .json" },
	{ "office", "deadlines", NEEDED, AT(office_deadlines), "default", "Deadline profile of cases: a file of paths.deadlines, without .json" },
	{ "office", "phone", TEXT, AT(office_phone), "", "Telephone shown in letters" },
	{ "office", "place", TEXT, AT(office_place), "", "Where letters on paper are written, above their date: a town" },
	{ "office", "postal_address", TEXT, AT(office_postal), "", "Where letters reach the office, on one line" },
	{ "office", "site", TEXT, AT(office_site), "", "Address of the office's web site, shown in letters" },
	{ "office", "tenant", HEX16, AT(office_tenant), "00000000000000000000000000000001", "Identity of this office in every sealed row; never change it" },
	{ "database", "dsn", NEEDED, AT(db_dsn), "host=/run/postgresql dbname=ouvidoria", "libpq connection string without user and password" },
	{ "database", "owner_user", NEEDED, AT(db_owner_user), "ouv_owner", "Role that owns the schema (migrate, operator's commands)" },
	{ "database", "owner_password_file", PATH, AT(db_owner_password_file), "", "Its password; empty: none is needed" },
	{ "database", "gateway_user", NEEDED, AT(db_gateway_user), "ouv_gw", "Role of ouvidoria-mailgw" },
	{ "database", "gateway_password_file", PATH, AT(db_gateway_password_file), "", "Its password" },
	{ "database", "server_user", NEEDED, AT(db_server_user), "ouv_srv", "Role of ouvidoria-server" },
	{ "database", "server_password_file", PATH, AT(db_server_password_file), "", "Its password" },
	{ "keys", "root_public", HEX32, AT(keys_root_public), "", "Public key of ROOT, printed by `ouvidoria key init`" },
	{ "keys", "svc_file", PATH, AT(keys_svc_file), "", "Gateway: secret that opens mail in transit" },
	{ "keys", "k_id_file", PATH, AT(keys_k_id_file), "", "Both: blind index of addresses" },
	{ "keys", "k_tok_file", PATH, AT(keys_k_tok_file), "", "Both: reply addresses and message names" },
	{ "keys", "gw_sig_file", PATH, AT(keys_gw_sig_file), "", "Gateway: signing seed" },
	{ "keys", "srv_sig_file", PATH, AT(keys_srv_sig_file), "", "Server: signing seed" },
	{ "keys", "pepper_file", PATH, AT(keys_pepper_file), "", "Server: part of every password and session key" },
	{ "imap", "host", NEEDED, AT(imap_host), "localhost", "IMAP server of the office's mailbox" },
	{ "imap", "port", PORT, AT(imap_port), "993", "Its port" },
	{ "imap", "security", SECURITY, AT(imap_security), "tls", "tls, starttls, or none (loopback only)" },
	{ "imap", "user", TEXT, AT(imap_user), "", "Login" },
	{ "imap", "password_file", PATH, AT(imap_password_file), "", "Its password" },
	{ "imap", "mailbox", NEEDED, AT(imap_mailbox), "INBOX", "Where new mail lies" },
	{ "imap", "processed", NEEDED, AT(imap_processed), "Processed", "Where filed mail is kept for keep_days" },
	{ "imap", "ca_file", PATH, AT(imap_ca_file), "", "Certificate authorities (PEM); empty: the system's" },
	{ "imap", "poll_secs", NUMBER, AT(imap_poll_secs), "10", "Longest wait between two looks, even when IDLE is silent" },
	{ "imap", "keep_days", NUMBER, AT(imap_keep_days), "7", "Days an original stays in the processed mailbox" },
	{ "imap", "size_limit_mib", NUMBER, AT(imap_size_limit_mib), "35", "Larger mails are recorded by their header alone" },
	{ "smtp", "host", NEEDED, AT(smtp_host), "localhost", "Submission server or relay" },
	{ "smtp", "port", PORT, AT(smtp_port), "465", "Its port" },
	{ "smtp", "security", SECURITY, AT(smtp_security), "tls", "tls, starttls, or none (loopback only)" },
	{ "smtp", "user", TEXT, AT(smtp_user), "", "Login; empty: none" },
	{ "smtp", "password_file", PATH, AT(smtp_password_file), "", "Its password" },
	{ "smtp", "ca_file", PATH, AT(smtp_ca_file), "", "Certificate authorities (PEM); empty: the system's" },
	{ "smtp", "dot_secs", NUMBER, AT(smtp_dot_secs), "600", "Wait for the answer to the final dot (RFC 5321: 10 minutes)" },
	{ "mailgw", "authserv_id", TEXT, AT(mailgw_authserv_id), "", "Whose Authentication-Results are believed; empty: nobody's" },
	{ "mailgw", "batch", NUMBER, AT(mailgw_batch), "100", "Most mails in one transaction" },
	{ "mailgw", "acks_sender_day", NUMBER, AT(mailgw_acks_sender_day), "5", "Most acknowledgements to one sender in a day" },
	{ "mailgw", "acks_domain_hour", NUMBER, AT(mailgw_acks_domain_hour), "200", "... to one sender's domain in an hour" },
	{ "mailgw", "acks_hour", NUMBER, AT(mailgw_acks_hour), "2000", "... to everybody in an hour" },
	{ "mailgw", "mails_sender_hour", NUMBER, AT(mailgw_mails_sender_hour), "30", "Cases from one sender in an hour; more mail is held in one case" },
	{ "server", "base_url", NEEDED, AT(server_base_url), "https://localhost", "Address of the console as browsers see it" },
	{ "server", "view_url", TEXT, AT(server_view_url), "", "Address of a second name, for mails in their own layout; empty: not offered" },
	{ "server", "party_code", CODE_PLACE, AT(server_party_code), "link", "Letters bear a party's access code in the address of its page as well (link), or beside it alone (typed)" },
	{ "server", "listen", NEEDED, AT(server_listen), "unix:/run/ouvidoria/server.sock", "unix:/path, or 127.0.0.1:port" },
	{ "server", "threads", NUMBER, AT(server_threads), "4", "Threads, each with a database connection" },
	{ "server", "idle_minutes", NUMBER, AT(server_idle_minutes), "15", "A session ends after this long without a request" },
	{ "server", "session_hours", NUMBER, AT(server_session_hours), "10", "A session ends after this long in any case" },
	{ "server", "upload_file_mib", UPLOAD, AT(server_upload_file_mib), "25", "A file that a form brings is at most so large" },
	{ "server", "upload_form_mib", UPLOAD, AT(server_upload_form_mib), "25", "All files of one form together; they become one message" },
	{ "server", "upload_files", NUMBER, AT(server_upload_files), "30", "So many files with one form" },
	{ "server", "api_minute", NUMBER, AT(server_api_minute), "300", "So many requests of one company's token in a minute" },
	{ "audit", "mail_to", TEXT, AT(audit_mail_to), "", "Who keeps the log's checkpoints, outside the installation: two addresses, a comma between them" },
	{ "audit", "checkpoint_secs", NUMBER, AT(audit_checkpoint_secs), "300", "The log is sealed after so many seconds of activity" },
	{ "audit", "mail_minutes", NUMBER, AT(audit_mail_minutes), "60", "How often the newest checkpoints are mailed" },
	{ "paths", "templates", PATH, AT(paths_templates), "/usr/local/share/ouvidoria/templates", "All words people read" },
	{ "paths", "calendars", PATH, AT(paths_calendars), "/usr/local/share/ouvidoria/calendars", "Service hours and holidays" },
	{ "paths", "deadlines", PATH, AT(paths_deadlines), "/usr/local/share/ouvidoria/deadlines", "The deadline profiles that come with the product" },
	{ "paths", "codes", PATH, AT(paths_codes), "/usr/local/share/ouvidoria/codes", "The codebooks that come with the product" },
	{ "paths", "lint_rules", PATH, AT(paths_lint_rules), "/usr/local/share/ouvidoria/lint/rules.json", "What may not leave the office" },
	{ "paths", "common_passwords", PATH, AT(paths_common_passwords), "/usr/share/dict/cracklib-small", "Words no password is made of, one a line" },
	{ "paths", "migrations", PATH, AT(paths_migrations), "/usr/local/share/ouvidoria/migrations", "The schema, step by step" },
	{ "paths", "static", PATH, AT(paths_static), "/usr/local/share/ouvidoria/static", "Style sheet and icons" },
	{ "log", "level", LEVEL, AT(log_level), "info", "error, warn, info, debug" },
};
/* clang-format on */
#define KEYS (sizeof(keys) / sizeof(keys[0]))

struct loading {
	struct ouv_arena *arena;
	struct ouv_config *config;
	const char *path, *folder;
	FILE *complaints, *file;
	int errors, line;
	bool seen[KEYS];
};

static bool
one_of(const char *value, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(value, *words) == 0)
			return true;
	return false;
}

static bool
number_ok(const char *value, long least, long most, long *out)
{
	char *end;

	errno = 0;
	*out = strtol(value, &end, 10);
	return errno == 0 && *value != '\0' && *end == '\0' && *out >= least &&
	       *out <= most;
}

static bool
hex_ok(const char *value, size_t len)
{
	return strlen(value) == len &&
	       strspn(value, "0123456789abcdefABCDEF") == len;
}

/* NULL when the value has the key's shape, else what was expected. */
static const char *
wrong_shape(enum shape shape, const char *value)
{
	static const char *const security[] = { "tls", "starttls", "none",
		NULL };
	static const char *const language[] = { "pt-BR", "en", "it", NULL };
	static const char *const level[] = { "error", "warn", "info", "debug",
		NULL };
	static const char *const places[] = { "link", "typed", NULL };
	const char *at = strchr(value, '@');
	long n;

	switch (shape) {
	case TEXT:
	case PATH:
		return NULL;
	case NEEDED:
		return *value != '\0' ? NULL : "a value";
	case NUMBER:
		return number_ok(value, 1, 1000000, &n) ? NULL
							: "a number, 1 or more";
	case UPLOAD: /* in base64 below what the fence takes (ouv/fence.h) */
		return number_ok(value, 1, 28, &n) ? NULL : "a number, 1 to 28";
	case PORT:
		return number_ok(value, 1, 65535, &n) ? NULL
						      : "a port, 1 to 65535";
	case SECURITY:
		return one_of(value, security) ? NULL : "tls, starttls or none";
	case LANGUAGE:
		return one_of(value, language) ? NULL : "pt-BR, en or it";
	case LEVEL:
		return one_of(value, level) ? NULL
					    : "error, warn, info or debug";
	case CODE_PLACE:
		return one_of(value, places) ? NULL : "link or typed";
	case ADDRESS:
		return at != NULL && at != value && at[1] != '\0' &&
				       strchr(at + 1, '@') == NULL
			       ? NULL
			       : "an address, local@domain";
	case HEX16:
		return hex_ok(value, 32) ? NULL : "32 hexadecimal digits";
	case HEX32:
		return *value == '\0' || hex_ok(value, 64)
			       ? NULL
			       : "64 hexadecimal digits";
	case ZONE:
		return ouv_clock_zone_exists(value)
			       ? NULL
			       : "a time zone, such as America/Sao_Paulo";
	}
	return "another shape";
}

static void
store(struct loading *l, const struct key *key, const char *value)
{
	char *at = (char *)l->config + key->offset;
	const char *text;

	if (key->shape == NUMBER || key->shape == PORT ||
		key->shape == UPLOAD) {
		long n = 0;

		(void)number_ok(value, 1, 1000000, &n);
		*(int *)(void *)at = (int)n;
		return;
	}
	if (key->shape == PATH && *value != '\0' && *value != '/')
		text = ouv_arena_printf(l->arena, "%s/%s", l->folder, value);
	else
		text = ouv_arena_strdup(l->arena, value);
	*(const char **)(void *)at = text;
}

static void OUV_PRINTF(2, 3)
	complain(struct loading *l, const char *format, ...)
{
	va_list args;

	l->errors++;
	fprintf(l->complaints, "%s:%d: ", l->path, l->line);
	va_start(args, format);
	(void)vfprintf(l->complaints, format, args);
	va_end(args);
	fputc('\n', l->complaints);
}

static int
on_pair(void *user, const char *section, const char *name, const char *value)
{
	struct loading *l = user;

	if (name == NULL) /* a section begins */
		return 1;
	for (size_t i = 0; i < KEYS; i++) {
		const char *expected;

		if (strcmp(section, keys[i].section) != 0 ||
			strcmp(name, keys[i].name) != 0)
			continue;
		expected = wrong_shape(keys[i].shape, value);
		if (l->seen[i])
			complain(l, "[%s] %s stands here twice", section, name);
		else if (expected != NULL)
			complain(l, "[%s] %s = %s: expected %s", section, name,
				value, expected);
		else
			store(l, &keys[i], value);
		l->seen[i] = true;
		return 1;
	}
	complain(l, "unknown key [%s] %s", section, name);
	return 1;
}

/* libinih as packaged does not tell line numbers: count them here. */
static char *
read_line(char *text, int size, void *user)
{
	struct loading *l = user;

	if (fgets(text, size, l->file) == NULL)
		return NULL;
	l->line++;
	if (strchr(text, '\n') == NULL && !feof(l->file)) {
		int c;

		complain(l, "the line is longer than %d bytes", size - 2);
		while ((c = getc(l->file)) != EOF && c != '\n')
			continue;
	}
	return text;
}

enum ouv_err
ouv_config_load(struct ouv_arena *arena, const char *path, FILE *complaints,
	struct ouv_config *config_out)
{
	struct ouv_config config = { 0 };
	struct loading l = { .arena = arena,
		.config = &config,
		.path = path,
		.complaints = complaints != NULL ? complaints : stderr };
	const char *slash = strrchr(path, '/');
	const char *at;
	int bad;

	l.file = fopen(path, "re");
	if (l.file == NULL) {
		fprintf(l.complaints, "%s: %s\n", path, strerror(errno));
		return OUV_NOT_FOUND;
	}
	l.folder = slash == NULL ? "."
				 : ouv_arena_strndup(
					   arena, path, (size_t)(slash - path));
	if (slash == path)
		l.folder = "";
	for (size_t i = 0; i < KEYS; i++)
		store(&l, &keys[i], keys[i].initial);
	bad = ini_parse_stream(read_line, &l, on_pair, &l);
	(void)fclose(l.file);
	l.line = bad;
	if (bad > 0)
		complain(&l, "not `key = value`, [section] or a comment");
	if (bad != 0 || l.errors > 0)
		return OUV_INVALID;
	at = strchr(config.office_address, '@');
	config.office_domain = at + 1;
	config.office_local = ouv_arena_strndup(arena, config.office_address,
		(size_t)(at - config.office_address));
	ouv_clock_zone(config.office_time_zone);
	*config_out = config;
	return OUV_OK;
}

void
ouv_config_print(FILE *out)
{
	const char *section = "";

	for (size_t i = 0; i < KEYS; i++) {
		if (strcmp(section, keys[i].section) != 0) {
			section = keys[i].section;
			fprintf(out, "%s[%s]\n", i > 0 ? "\n" : "", section);
		}
		fprintf(out, "; %s\n%s =%s%s\n", keys[i].help, keys[i].name,
			keys[i].initial[0] ? " " : "", keys[i].initial);
	}
}
