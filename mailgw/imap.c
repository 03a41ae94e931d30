/*
 * imap.c - the IMAP session: opening it safely, waiting on it, closing it
 *
 * libetpan speaks IMAP; tls.c carries and times it; guard.c reads along.  The
 * session is used strictly: whatever is not an answer in its place ends it.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "imap_int.h"
#include "ouv/log.h"

#define CONNECT_MS 30000
#define LOGOUT_MS 3000
/* Servers may cut an IDLE at 30 minutes (RFC 2177). */
#define IDLE_MS (25 * 60 * 1000)
/* IDLEs ended in one wait by something other than mail, then we return. */
#define IDLE_ROUNDS 8
#define OTHERS_MAX 8
#define SECRET_MAX_LEN 1000

void *
imap_must(void *object)
{
	if (object == NULL)
		abort();
	return object;
}

/* ---- one command --------------------------------------------------------- */

void
imap_begin(struct imap *imap, size_t text, size_t literals, int ms)
{
	guard_imap_arm(&imap->guard, IMAP_TEXT + text, literals);
	tls_patience(imap->tls, IMAP_COMMAND_MS, ms);
}

/* The server's words for the log: any word with an @ could be an address. */
static void
without_addresses(const char *text, char *out, size_t cap)
{
	size_t n = 0;

	while (*text != '\0' && n + 2 < cap) {
		size_t word = strcspn(text, " "), blank;

		if (memchr(text, '@', word) != NULL)
			n += (size_t)snprintf(out + n, cap - n, "[...]");
		else
			n += (size_t)snprintf(
				out + n, cap - n, "%.*s", (int)word, text);
		text += word;
		blank = strspn(text, " ");
		text += blank;
		if (n >= cap - 1)
			break;
		if (blank > 0)
			out[n++] = ' ';
		out[n] = '\0';
	}
	out[n < cap ? n : cap - 1] = '\0';
}

void
imap_log_no(struct imap *imap, const char *what)
{
	char safe[200];

	without_addresses(imap->session->imap_response != NULL
				  ? imap->session->imap_response
				  : "",
		safe, sizeof(safe));
	ouv_log_error("imap: %s: the server says no: %s", what, safe);
}

static bool
is_no(int r)
{
	return (r >= MAILIMAP_ERROR_APPEND && r <= MAILIMAP_ERROR_STARTTLS) ||
	       r == MAILIMAP_ERROR_EXTENSION;
}

enum said
imap_end(struct imap *imap, int r, const char *what)
{
	const char *why = "an answer that makes no sense";

	if (r <= MAILIMAP_NO_ERROR_NON_AUTHENTICATED &&
		!tls_is_broken(imap->tls))
		return SAID_OK;
	if (is_no(r) && !tls_is_broken(imap->tls))
		return SAID_NO;
	if (imap->guard.why != NULL)
		why = imap->guard.why;
	else if (tls_is_broken(imap->tls))
		why = tls_why(imap->tls);
	if (!imap->dead)
		ouv_log_warn("imap: %s: session ended: %s", what, why);
	imap->dead = true;
	return SAID_LOST;
}

/* ---- opening ------------------------------------------------------------- */

static enum ouv_err
capability(struct imap *imap)
{
	struct mailimap_connection_info *info =
		imap->session->imap_connection_info;
	struct mailimap_capability_data *data = NULL;
	enum said said;
	int r;

	/* Forget what was said before, perhaps in clear; and libetpan copies
	 * what it has even when the server said nothing at all. */
	if (info->imap_capability != NULL)
		mailimap_capability_data_free(info->imap_capability);
	info->imap_capability =
		imap_must(mailimap_capability_data_new(imap_must(clist_new())));
	imap_begin(imap, 0, 0, IMAP_COMMAND_MS);
	r = mailimap_capability(imap->session, &data);
	said = imap_end(imap, r, "capability");
	if (said != SAID_OK)
		return OUV_TEMPORARY;
	/* Known to the session as well; this one is a copy for the caller. */
	mailimap_capability_data_free(data);
	return OUV_OK;
}

static bool
has(struct imap *imap, const char *name)
{
	return mailimap_has_extension(imap->session, (char *)(uintptr_t)name);
}

static enum ouv_err
start_tls(struct imap *imap)
{
	enum ouv_err err;

	if ((err = capability(imap)) != OUV_OK)
		return err;
	if (!has(imap, "STARTTLS")) {
		ouv_log_error("imap: the server does not offer STARTTLS; "
			      "nothing was sent in clear");
		return OUV_REFUSED;
	}
	imap_begin(imap, 0, 0, IMAP_COMMAND_MS);
	switch (imap_end(imap, mailimap_starttls(imap->session), "starttls")) {
	case SAID_OK:
		return tls_upgrade(imap->tls);
	case SAID_NO:
		/* libetpan calls it a NO as well when more than the answer has
		 * arrived; tls_upgrade refuses and logs that. */
		if (tls_has_input(imap->tls))
			return tls_upgrade(imap->tls);
		imap_log_no(imap, "starttls");
		return OUV_REFUSED;
	case SAID_LOST:
		break;
	}
	return OUV_TEMPORARY;
}

static enum ouv_err
greet(struct imap *imap, enum tls_security security)
{
	mailstream *stream = tls_stream(imap->tls);
	int r = MAILIMAP_ERROR_STREAM;

	imap_begin(imap, 0, 0, IMAP_COMMAND_MS);
	/* Looked at here, as libetpan leaks a refusal it has parsed. */
	if (mailstream_feed_read_buffer(stream) >= 5 &&
		strncasecmp(stream->read_buffer, "* BYE", 5) == 0)
		r = MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION;
	else if (!tls_is_broken(imap->tls))
		r = mailimap_connect(imap->session, stream);
	if (r == MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION) {
		imap->dead = true;
		ouv_log_warn("imap: the server said BYE to the connection");
		return OUV_TEMPORARY;
	}
	if (imap_end(imap, r, "greeting") != SAID_OK)
		return OUV_TEMPORARY;
	/* A server that has logged us in already is not the one we know; with
	 * STARTTLS it is the classic way around it (RFC 9051, 11.1). */
	if (r == MAILIMAP_NO_ERROR_AUTHENTICATED) {
		ouv_log_error("imap: the server skips the login (PREAUTH)");
		return OUV_REFUSED;
	}
	return security == TLS_STARTTLS ? start_tls(imap) : OUV_OK;
}

/* What stands in quotes on the wire: no line ends, no zero. */
static bool
is_quotable(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (iscntrl((unsigned char)text[i]))
			return false;
	return len > 0;
}

static enum ouv_err
login_answer(struct imap *imap, int r)
{
	const struct mailimap_response_info *info =
		imap->session->imap_response_info;

	switch (imap_end(imap, r, "login")) {
	case SAID_OK:
		return OUV_OK;
	case SAID_LOST:
		return OUV_TEMPORARY;
	case SAID_NO:
		break;
	}
	/* RFC 5530: it may work later, unchanged. */
	if (info != NULL && info->rsp_atom != NULL &&
		strcasecmp(info->rsp_atom, "UNAVAILABLE") == 0) {
		ouv_log_warn("imap: login: the server cannot check it now");
		return OUV_TEMPORARY;
	}
	/* Only the code: the words may name the user. */
	ouv_log_error("imap: login refused, code %s",
		info != NULL && info->rsp_atom != NULL ? info->rsp_atom : "-");
	return OUV_REFUSED;
}

static enum ouv_err
login(struct imap *imap, const struct ouv_config *config,
	enum tls_security security)
{
	char password[SECRET_MAX_LEN + 1];
	size_t len = 0;
	int r;

	if (security != TLS_NONE && !tls_is_encrypted(imap->tls)) {
		ouv_log_error("imap: the line is in clear; not logging in");
		return OUV_REFUSED;
	}
	if (has(imap, "LOGINDISABLED")) {
		ouv_log_error("imap: the server does not allow LOGIN");
		return OUV_REFUSED;
	}
	if (ouv_secret_read(config->imap_password_file, password,
		    sizeof(password) - 1, &len) != OUV_OK)
		return OUV_REFUSED;
	password[len] = '\0';
	if (!is_quotable(password, len) ||
		!is_quotable(config->imap_user, strlen(config->imap_user))) {
		explicit_bzero(password, sizeof(password));
		ouv_log_error("imap: user or password is empty or holds "
			      "control characters");
		return OUV_REFUSED;
	}
	imap_begin(imap, 0, 0, IMAP_COMMAND_MS);
	r = mailimap_login(imap->session, config->imap_user, password);
	explicit_bzero(password, sizeof(password));
	explicit_bzero(tls_stream(imap->tls)->write_buffer,
		tls_stream(imap->tls)->buffer_max_size);
	return login_answer(imap, r);
}

static bool
keyword_allowed(const struct mailimap_selection_info *info)
{
	if (info->sel_perm_flags == NULL)
		return true; /* nothing said: try */
	for (clistiter *i = clist_begin(info->sel_perm_flags); i != NULL;
		i = clist_next(i)) {
		const struct mailimap_flag_perm *p = clist_content(i);

		if (p->fl_type == MAILIMAP_FLAG_PERM_ALL)
			return true;
		if (p->fl_type == MAILIMAP_FLAG_PERM_FLAG &&
			p->fl_flag->fl_type == MAILIMAP_FLAG_KEYWORD &&
			strcasecmp(p->fl_flag->fl_data.fl_keyword,
				"$OuvReceived") == 0)
			return true;
	}
	return false;
}

enum ouv_err
imap_select(struct imap *imap, bool other, uint32_t *uidvalidity_out)
{
	const char *name = other ? imap->processed : imap->mailbox;
	const struct mailimap_selection_info *info;

	imap->guard.exists = 0;
	imap_begin(imap, IMAP_TEXT, 0, IMAP_COMMAND_MS);
	switch (imap_end(
		imap, mailimap_select(imap->session, name), "select")) {
	case SAID_OK:
		break;
	case SAID_NO:
		imap_log_no(imap, other ? "select processed" : "select");
		return OUV_REFUSED;
	case SAID_LOST:
		return OUV_TEMPORARY;
	}
	info = imap->session->imap_selection_info;
	if (info == NULL || info->sel_uidvalidity == 0 ||
		info->sel_perm == MAILIMAP_MAILBOX_READONLY) {
		ouv_log_error("imap: the mailbox is read-only or has no "
			      "UIDVALIDITY");
		return OUV_REFUSED;
	}
	imap->keyword = keyword_allowed(info);
	*uidvalidity_out = info->sel_uidvalidity;
	return OUV_OK;
}

enum said
imap_create(struct imap *imap)
{
	imap_begin(imap, 0, 0, IMAP_COMMAND_MS);
	return imap_end(imap, mailimap_create(imap->session, imap->processed),
		"create");
}

static enum ouv_err
processed_exists(struct imap *imap)
{
	clist *list = NULL;
	bool found = false;
	enum said said;
	int r;

	imap_begin(imap, 0, 0, IMAP_COMMAND_MS);
	r = mailimap_list(imap->session, "", imap->processed, &list);
	said = imap_end(imap, r, "list");
	if (list != NULL) {
		found = clist_count(list) > 0;
		mailimap_list_result_free(list);
	}
	if (said == SAID_OK && !found)
		said = imap_create(imap);
	if (said == SAID_NO) {
		imap_log_no(imap, "the mailbox for processed mail");
		return OUV_REFUSED;
	}
	return said == SAID_OK ? OUV_OK : OUV_TEMPORARY;
}

static enum ouv_err
enter(struct imap *imap, const struct ouv_config *config,
	enum tls_security security)
{
	enum ouv_err err;

	if ((err = greet(imap, security)) != OUV_OK ||
		(err = capability(imap)) != OUV_OK ||
		(err = login(imap, config, security)) != OUV_OK ||
		/* RFC 3501, 6.2.3: what it can do may change with the login. */
		(err = capability(imap)) != OUV_OK)
		return err;
	imap->can_idle = has(imap, "IDLE");
	imap->can_uidplus = has(imap, "UIDPLUS");
	imap->can_move = has(imap, "MOVE");
	if (!imap_can_move(imap))
		ouv_log_warn("imap: the server has neither MOVE nor UIDPLUS; "
			     "mails will stay where they are");
	if ((err = processed_exists(imap)) != OUV_OK)
		return err;
	return imap_select(imap, false, &imap->uidvalidity);
}

/* Names go to the server as they stand: RFC 3501 wants them in ASCII (others
 * in its own UTF-7), and LIST would take % and * as wildcards. */
static bool
mailbox_ok(const char *name)
{
	size_t len = name == NULL ? 0 : strlen(name);

	for (size_t i = 0; i < len; i++)
		if (name[i] < 0x20 || name[i] > 0x7e ||
			strchr("%*\"\\{", name[i]) != NULL)
			return false;
	return len > 0 && len <= 200;
}

static void no_progress(size_t now, size_t all, void *user);

static void
no_progress(size_t now, size_t all, void *user)
{
	(void)now;
	(void)all;
	(void)user;
}

static struct imap *
imap_new(const struct ouv_config *config)
{
	struct imap *imap = imap_must(calloc(1, sizeof(*imap)));

	/* Above its "ceiling" libetpan would put mail into files in /tmp. */
	mmap_string_set_ceil(SIZE_MAX);
	imap->session = imap_must(mailimap_new(0, NULL));
	/* Without a progress function it does not call the handlers that keep
	 * whole mails out of its own memory. */
	mailimap_set_progress_callback(
		imap->session, no_progress, no_progress, NULL);
	imap->mailbox = imap_must(strdup(config->imap_mailbox));
	imap->processed = imap_must(strdup(config->imap_processed));
	return imap;
}

enum ouv_err
imap_open(const struct ouv_config *config, struct imap **imap_out)
{
	struct tls_peer peer = { .what = "imap",
		.host = config->imap_host,
		.port = config->imap_port,
		.ca_file = config->imap_ca_file,
		.connect_ms = CONNECT_MS };
	struct imap *imap;
	enum ouv_err err;

	if (tls_security_parse(config->imap_security, &peer.security) !=
			OUV_OK ||
		!mailbox_ok(config->imap_mailbox) ||
		!mailbox_ok(config->imap_processed) ||
		config->imap_user == NULL) {
		ouv_log_error("imap: security, mailbox, processed or user in "
			      "the configuration cannot be used");
		return OUV_REFUSED;
	}
	imap = imap_new(config);
	guard_imap_arm(&imap->guard, IMAP_TEXT, 0);
	err = tls_open(&peer, guard_imap_feed, &imap->guard, &imap->tls);
	if (err == OUV_OK)
		err = enter(imap, config, peer.security);
	if (err != OUV_OK) {
		imap_close(&imap);
		return err;
	}
	*imap_out = imap;
	return OUV_OK;
}

uint32_t
imap_uidvalidity(const struct imap *imap)
{
	return imap->uidvalidity;
}

bool
imap_can_move(const struct imap *imap)
{
	return imap->can_move || imap->can_uidplus;
}

/* ---- waiting ------------------------------------------------------------- */

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/*
 * Waits on the mail line (unless fd is -1) and the others until by.  Returns
 * whether the mail line spoke; sets IMAP_WOKE_FD.
 */
static bool
wait_any(int fd, struct pollfd *others, size_t n, int64_t by, int *woke)
{
	struct pollfd all[OTHERS_MAX + 1] = { { .fd = fd, .events = POLLIN } };
	int64_t left;
	int ready;

	if (n > 0)
		memcpy(all + 1, others, n * sizeof(*others));
	do {
		left = by - now_ms();
		ready = poll(all, n + 1, left > 0 ? (int)left : 0);
	} while (ready < 0 && errno == EINTR && left > 0);
	for (size_t i = 0; i < n; i++) {
		others[i].revents = ready > 0 ? all[i + 1].revents : 0;
		if (others[i].revents != 0)
			*woke |= IMAP_WOKE_FD;
	}
	return ready > 0 && all[0].revents != 0;
}

static enum ouv_err
wait_without_idle(struct imap *imap, int64_t by, struct pollfd *others,
	size_t n, int *woke)
{
	(void)wait_any(-1, others, n, by, woke);
	imap_begin(imap, 0, 0, IMAP_COMMAND_MS);
	return imap_end(imap, mailimap_noop(imap->session), "noop") == SAID_OK
		       ? OUV_OK
		       : OUV_TEMPORARY;
}

/*
 * IDLE is spoken here line by line: libetpan waits for ever when news comes
 * before the continuation, which servers may send (RFC 2177).  The guard has
 * understood every line already.
 */
static int
idle_say(struct imap *imap, const char *text)
{
	mailstream *stream = tls_stream(imap->tls);

	imap_begin(imap, 0, 0, IMAP_COMMAND_MS);
	if (mailstream_write(stream, text, strlen(text)) < 0 ||
		mailstream_flush(stream) < 0)
		return MAILIMAP_ERROR_STREAM;
	return MAILIMAP_NO_ERROR;
}

/* Reads up to a line that begins with one of the two; which: first_out. */
static int
idle_hear(
	struct imap *imap, const char *one, const char *other, bool *first_out)
{
	MMAPString *line = imap_must(mmap_string_new(""));
	int r = MAILIMAP_ERROR_STREAM;

	while (mailstream_read_line(tls_stream(imap->tls), line) != NULL) {
		*first_out = strncmp(line->str, one, strlen(one)) == 0;
		if (*first_out ||
			strncmp(line->str, other, strlen(other)) == 0) {
			r = MAILIMAP_NO_ERROR;
			break;
		}
		if (line->len < 2 || line->str[0] != '*') {
			r = MAILIMAP_ERROR_PARSE;
			break;
		}
	}
	mmap_string_free(line);
	return r;
}

/* One IDLE, ended by a word from the server, the others or the time. */
static enum ouv_err
idle_once(struct imap *imap, int64_t by, struct pollfd *others, size_t n,
	int *woke, bool *spoke_out)
{
	char tag[16], command[32], ok[32];
	bool good = false;
	int r;

	(void)snprintf(tag, sizeof(tag), "%d ", ++imap->session->imap_tag);
	(void)snprintf(command, sizeof(command), "%sIDLE\r\n", tag);
	(void)snprintf(ok, sizeof(ok), "%sOK", tag);
	if ((r = idle_say(imap, command)) == MAILIMAP_NO_ERROR)
		r = idle_hear(imap, "+", tag, &good);
	if (imap_end(imap, r, "idle") != SAID_OK)
		return OUV_TEMPORARY;
	*spoke_out = true;
	if (!good) { /* offered and declined: do without from now on */
		imap->can_idle = false;
		return OUV_OK;
	}
	/* Bytes that wait in GnuTLS or in libetpan's buffer do not make the
	 * socket readable. */
	if (!imap->guard.news && !tls_has_input(imap->tls))
		*spoke_out = wait_any(tls_fd(imap->tls), others, n, by, woke);
	if ((r = idle_say(imap, "DONE\r\n")) == MAILIMAP_NO_ERROR)
		r = idle_hear(imap, ok, tag, &good);
	if (r == MAILIMAP_NO_ERROR && !good)
		r = MAILIMAP_ERROR_PARSE;
	return imap_end(imap, r, "idle") == SAID_OK ? OUV_OK : OUV_TEMPORARY;
}

/* What was fetched stays in the session's buffers until other answers are
 * written over it. */
static void
forget(struct imap *imap)
{
	mailstream *stream = tls_stream(imap->tls);
	MMAPString *said = imap->session->imap_stream_buffer;

	if (stream != NULL)
		explicit_bzero(stream->read_buffer + stream->read_buffer_len,
			stream->buffer_max_size - stream->read_buffer_len);
	if (said != NULL)
		explicit_bzero(
			said->str + said->len, said->allocated_len - said->len);
	ouv_stack_wipe();
}

enum ouv_err
imap_idle(struct imap *imap, int timeout_ms, struct pollfd *others, size_t n,
	int *woke_out)
{
	int64_t by = now_ms() + (timeout_ms < IDLE_MS ? timeout_ms : IDLE_MS);
	enum ouv_err err = OUV_OK;
	bool spoke = true;
	int woke = 0;

	if (imap->dead)
		return OUV_TEMPORARY;
	if (n > OTHERS_MAX)
		return OUV_INVALID;
	forget(imap);
	/* A server may say "still here" or "one is gone": that is no mail. */
	for (int round = 0; err == OUV_OK && spoke && woke == 0 &&
			    !imap->guard.news && round < IDLE_ROUNDS;
		round++) {
		if (round > 0 && now_ms() >= by)
			break;
		if (imap->can_idle) {
			err = idle_once(imap, by, others, n, &woke, &spoke);
		} else {
			spoke = false;
			err = wait_without_idle(imap, by, others, n, &woke);
		}
	}
	if (err != OUV_OK)
		return err;
	*woke_out = woke | (imap->guard.news ? IMAP_WOKE_MAIL : 0);
	return OUV_OK;
}

void
imap_close(struct imap **imap)
{
	if (imap == NULL || *imap == NULL)
		return;
	if ((*imap)->tls != NULL) {
		guard_imap_arm(&(*imap)->guard, IMAP_TEXT, 0);
		tls_patience((*imap)->tls, LOGOUT_MS, LOGOUT_MS);
		/* On a line that went wrong nothing more is said. */
		if ((*imap)->dead || tls_stream((*imap)->tls) == NULL)
			(*imap)->session->imap_stream = NULL;
	}
	mailimap_free((*imap)->session);
	tls_close(&(*imap)->tls);
	free((*imap)->mailbox);
	free((*imap)->processed);
	free(*imap);
	*imap = NULL;
}
