/*
 * config.h - one file, `key = value` under `[section]`, read by one table
 *
 * The table (lib/base/config.c) holds for each key its type, its place in
 * struct ouv_config, its default and its help; --print-config and
 * ouvidoria.conf(5) come from the same rows.  An unknown key or a value of the
 * wrong shape is an error that names its line.  Secrets never stand in the
 * file: keys that end in _file name a file of mode 0600 or stricter.
 */
#ifndef OUV_CONFIG_H
#define OUV_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "ouv/arena.h"

struct ouv_config {
	/* [office] */
	const char *office_name;
	const char *office_address; /* ouvidoria@example: mail is read here   */
	const char *office_domain;  /* derived: what follows the @            */
	const char *office_local;   /* derived: what stands before it         */
	const char *office_reply_local; /* "caso": reply addresses caso+CODE@ */
	const char *office_language;    /* pt-BR, en, it                      */
	const char *office_time_zone;   /* IANA name                          */
	const char *office_calendar;    /* when it is open: "br"              */
	const char *office_deadlines;   /* deadline profile: "default"        */
	const char *office_phone;       /* may be empty; shown in letters     */
	const char *office_site;        /* may be empty; URL shown in letters */
	const char *office_place;  /* may be empty: above the date        */
	const char *office_postal; /* may be empty; where letters go     */
	const char *office_tenant; /* 32 hexadecimal digits              */

	/* [database]: dsn without user and password (libpq key/value form) */
	const char *db_dsn;
	const char *db_owner_user, *db_owner_password_file;
	const char *db_gateway_user, *db_gateway_password_file;
	const char *db_server_user, *db_server_password_file;

	/* [keys]: see docs/architecture.md, the key tree */
	const char *keys_root_public; /* 64 hexadecimal digits */
	const char *keys_svc_file, *keys_k_id_file, *keys_k_tok_file;
	const char *keys_gw_sig_file, *keys_srv_sig_file, *keys_pepper_file;

	/* [imap] */
	const char *imap_host;
	int imap_port;
	const char *imap_security; /* tls, starttls, none (loopback only) */
	const char *imap_user, *imap_password_file;
	const char *imap_mailbox;   /* INBOX     */
	const char *imap_processed; /* Processed */
	const char *imap_ca_file;   /* empty: the system's store */
	int imap_poll_secs;         /* 10 */
	int imap_keep_days;         /* 7  */
	int imap_size_limit_mib;    /* 35 */

	/* [smtp] */
	const char *smtp_host;
	int smtp_port;
	const char *smtp_security; /* tls, starttls, none (loopback only) */
	const char *smtp_user, *smtp_password_file; /* both may be empty */
	const char *smtp_ca_file;
	int smtp_dot_secs; /* 600: RFC 5321 4.5.3.2.6 */

	/* [mailgw] */
	const char *mailgw_authserv_id; /* whose Authentication-Results count */
	int mailgw_batch;               /* mails a transaction, 100 */
	int mailgw_acks_sender_day;     /* 5    */
	int mailgw_acks_domain_hour;    /* 200  */
	int mailgw_acks_hour;           /* 2000 */
	int mailgw_mails_sender_hour;   /* 30: above it one held case */

	/* [server] */
	const char *server_base_url;   /* https://ouvidoria.example          */
	const char *server_view_url;   /* https://view.ouvidoria.example, "" */
	const char *server_party_code; /* link, typed                      */
	const char *server_listen;     /* unix:/path or 127.0.0.1:port       */
	int server_threads;            /* 4  */
	int server_idle_minutes;       /* 15 */
	int server_session_hours;      /* 10 */
	int server_upload_file_mib;    /* 25: one file that a form brings */
	int server_upload_form_mib;    /* 25: all of a form               */
	int server_upload_files;       /* 30: so many of a form           */
	int server_api_minute;         /* 300: requests of one token      */

	/* [audit] */
	const char *audit_mail_to; /* addresses outside; may be empty */
	int audit_checkpoint_secs; /* 300 */
	int audit_mail_minutes;    /* 60  */

	/* [paths] */
	const char *paths_templates; /* /usr/local/share/ouvidoria/templates  */
	const char *paths_calendars; /* .../calendars                         */
	const char *paths_deadlines; /* .../deadlines: their profiles         */
	const char *paths_codes;     /* .../codes: the codebooks              */
	const char *paths_common_passwords; /* one a line */
	const char *paths_lint_rules; /* .../lint/rules.json                  */
	const char *paths_migrations;
	const char *paths_static; /* style sheet and icons */

	/* [log] */
	const char *log_level; /* error, warn, info, debug */
};

/*
 * Reads path into a configuration whose strings live in the arena.  Every
 * complaint is one line on complaints (may be NULL: stderr), with file and
 * line number.  Relative paths inside are relative to the file's folder.
 *
 * The office's time zone becomes the process's: what is today, in a letter, on
 * a page and in the register, is so for the office.  Call it before threads.
 *
 * OUV_NOT_FOUND: the file cannot be opened.  OUV_INVALID: it was complained of.
 */
OUV_MUST_CHECK enum ouv_err ouv_config_load(struct ouv_arena *arena,
	const char *path, FILE *complaints, struct ouv_config *config_out);

/* Every key with section, default and help, in the file's own format. */
void ouv_config_print(FILE *out);

/*
 * Reads a secret file whole: regular, owned by us or root, mode 0600 or
 * stricter (0440 and 0640 for group-readable credentials are refused), not
 * empty, at most 4 KiB.  A final line feed is dropped.  The bytes are written
 * to out (at most cap) and their number to len_out.  A file of the same name in
 * $CREDENTIALS_DIRECTORY (systemd's LoadCredential=) is read instead.
 *
 * OUV_NOT_FOUND: missing.  OUV_REFUSED: wrong mode or owner.  OUV_INVALID:
 * empty or too long.  Each is logged, with the path and the remedy.
 */
OUV_MUST_CHECK enum ouv_err ouv_secret_read(
	const char *path, void *out, size_t cap, size_t *len_out);
/* Is there such a file, or one that systemd handed over? */
bool ouv_secret_there(const char *path);

#endif
