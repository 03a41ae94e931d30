/*
 * mail_oracle_known.c - where we read otherwise than both libraries, and why
 *
 * Included by mail_oracle_test.c.  A row excuses one kind of difference, and
 * only where its predicate sees the cause in the mail.
 */

struct trio {
	const struct mail *mail;
	const struct view *ours, *theirs;
};

struct known {
	enum what what;
	bool (*applies)(const struct trio *trio);
	const char *reason;
};

static size_t
count_lines(const struct mail *m, const char *start)
{
	size_t n = 0, len = strlen(start);

	for (size_t at = 0; at < m->len; at = line_next(m, at)) {
		n += m->len - at >= len &&
		     strncasecmp(m->raw + at, start, len) == 0;
		if (strchr("\r\n", m->raw[at]) != NULL)
			break;
	}
	return n;
}

static bool
is_prefix(const char *text, const char *of)
{
	char *left = one_line(text), *right = one_line(of);
	bool yes = strncmp(left, right, strlen(left)) == 0;

	free(left);
	free(right);
	return yes;
}

/* Is theirs ours with '?' for what it could not decode? */
static bool
marks_for(const char *theirs, const char *ours, bool prefix)
{
	char *left = one_line(theirs), *right = one_line(ours);
	const char *a = left, *b = right;

	while (*a != '\0' && *b != '\0' && (*a == *b || *a == '?')) {
		bool mark = *a != *b;

		/* one mark of ours may stand for several of theirs */
		while (mark && strncmp(b, "\xef\xbf\xbd", 3) == 0 &&
			a[1] == '?')
			a++;
		a++;
		b++;
		while (mark && ((unsigned char)*b & 0xc0) == 0x80)
			b++;
	}
	prefix = *a == '\0' && (prefix || *b == '\0');
	free(left);
	free(right);
	return prefix;
}

static bool
begins_with_blanks(const struct trio *trio)
{
	return trio->mail->len > 0 &&
	       strchr(" \t\r\n", trio->mail->raw[0]) != NULL;
}

static bool
has_bare_cr(const struct trio *trio)
{
	for (size_t i = 0; i < trio->mail->len; i++)
		if (trio->mail->raw[i] == '\r' &&
			(i + 1 == trio->mail->len ||
				trio->mail->raw[i + 1] != '\n'))
			return true;
	return false;
}

static bool
has_two_senders(const struct trio *trio)
{
	return count_lines(trio->mail, "From:") > 1;
}

static bool
has_high_controls(const struct trio *trio)
{
	for (const char *p = trio->theirs->subject; *p != '\0'; p++)
		if (p[0] == '\xc2' && (unsigned char)p[1] < 0xa0)
			return true;
	return false;
}

static bool
hides_a_line_end(const struct trio *trio)
{
	return strpbrk(trio->theirs->subject, "\r\n") != NULL;
}

static bool
lost_a_fold(const struct trio *trio)
{
	return trio->ours->broken &&
	       (trio->theirs->subject == NULL ||
		       marks_for(trio->theirs->subject, trio->ours->subject,
			       true));
}

static bool
lost_a_fold_of_from(const struct trio *trio)
{
	return trio->ours->broken && trio->ours->from != NULL;
}

static bool
has_zero_byte(const struct trio *trio)
{
	return memchr(trio->mail->raw, '\0', trio->mail->len) != NULL &&
	       is_prefix(trio->theirs->subject, trio->ours->subject);
}

static bool
says_question_marks(const struct trio *trio)
{
	return marks_for(trio->theirs->subject, trio->ours->subject, false);
}

static bool
has_escapes(const struct trio *trio)
{
	return strstr(trio->theirs->subject, "\033$") != NULL;
}

/* Twice encoded: every character is longer than in ours. */
static bool
has_utf8_as_latin(const struct trio *trio)
{
	const char *theirs = trio->theirs->subject, *ours = trio->ours->subject;

	return (strstr(theirs, "\xc3\x83") != NULL ||
		       strstr(theirs, "\xc3\x82") != NULL) &&
	       strlen(theirs) > strlen(ours);
}

static bool
has_commas_in_name(const struct trio *trio)
{
	return strchr(trio->theirs->from, '@') == NULL &&
	       trio->ours->from != NULL &&
	       strchr(trio->ours->from, '@') != NULL;
}

static bool
is_repaired(const struct trio *trio)
{
	return trio->ours->repaired;
}

static bool
keeps_a_word(const struct trio *trio)
{
	return strstr(trio->theirs->from, "=?") != NULL &&
	       strstr(trio->ours->from, "=?") == NULL;
}

static bool
is_cut_in_a_header(const struct trio *trio)
{
	const struct mail *m = trio->mail;
	size_t last = line_start(m, m->len);

	return m->len - last >= 7 &&
	       strncasecmp(m->raw + last, "Content", 7) == 0 &&
	       trio->ours->leaves == trio->theirs->leaves + 1;
}

static bool
was_repaired(const struct trio *trio)
{
	return trio->ours->repaired &&
	       trio->ours->leaves > trio->theirs->leaves;
}

/* Ours stands in the mail as it is, and has only words in it. */
static bool
is_prose(const struct trio *trio)
{
	const struct view *v = trio->ours;

	if (v->text == NULL || memmem(trio->mail->raw, trio->mail->len, v->text,
				       v->text_len) == NULL)
		return false;
	return strchr(v->text, ' ') != NULL ||
	       strpbrk(v->text, "0123456789+/=") == NULL;
}

static bool
has_text_outside(const struct trio *trio)
{
	return trio->ours->extra > 0 &&
	       trio->ours->leaves - trio->ours->extra == trio->theirs->leaves;
}

/* Is theirs ours with more blanks at the ends of lines? */
static bool
adds_blanks(const struct trio *trio)
{
	const char *a = trio->ours->text, *b = trio->theirs->text;

	if (a == NULL || b == NULL)
		return false;
	while (*a != '\0' || *b != '\0') {
		if (*a == *b) {
			a++;
			b++;
		} else if (*b == ' ' || *b == '\t') {
			b++;
		} else {
			return false;
		}
	}
	return true;
}

static bool
has_odd_type(const struct trio *trio)
{
	return trio->ours->odd_type;
}

/* Does any part spell its transfer encoding in its own way? */
static bool
has_odd_encoding(const struct trio *trio)
{
	static const char *const good[] = { "7bit", "8bit", "binary", "base64",
		"quoted-printable" };
	static const char field[] = "Content-Transfer-Encoding:";
	const struct mail *m = trio->mail;

	for (size_t at = 0; at < m->len; at = line_next(m, at)) {
		struct ouv_str value = { m->raw + at, line_next(m, at) - at };
		bool known_one = false;

		if (value.len < sizeof(field) ||
			strncasecmp(value.p, field, sizeof(field) - 1) != 0)
			continue;
		value.p += sizeof(field) - 1;
		value.len -= sizeof(field) - 1;
		for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
			known_one |= mail_str_is(mail_trim(value), good[i]);
		if (!known_one)
			return true;
	}
	return false;
}

/* clang-format off */
static const struct known known[] = {
	{ SUBJECT, has_high_controls,   "what nobody declared is windows-1252, not its controls" },
	{ SUBJECT, hides_a_line_end,    "an encoded line end is a blank and cuts nothing off" },
	{ SUBJECT, has_zero_byte,       "a zero byte cuts nothing off" },
	{ SUBJECT, lost_a_fold,         "a line that is no field continues the one above" },
	{ SUBJECT, says_question_marks, "what cannot be decoded is U+FFFD or windows-1252" },
	{ SUBJECT, has_escapes,         "the escapes of ISO-2022 say what they are" },
	{ SUBJECT, has_utf8_as_latin,   "UTF-8 under the name of iso-8859-1 is UTF-8" },
	{ FROM,    has_two_senders,     "of several From the one with an address counts" },
	{ FROM,    has_commas_in_name,  "what has no @ before a comma is part of a name" },
	{ FROM,    lost_a_fold_of_from, "a line that is no field continues the one above" },
	{ FROM,    keeps_a_word,        "an encoded word in an address is decoded" },
	{ LEAVES,  has_bare_cr,         "a CR alone ends a line" },
	{ LEAVES,  has_text_outside,    "a letter outside all parts is kept when no part has text" },
	{ LEAVES,  is_cut_in_a_header,  "what is no field when the mail ends is text" },
	{ LEAVES,  was_repaired,        "a multipart is read however badly it says what it is" },
	{ TEXT,    is_repaired,         "a multipart is read however badly it says what it is" },
	{ TEXT,    begins_with_blanks,  "blank lines before a header are passed over" },
	{ TEXT,    has_bare_cr,         "a CR alone ends a line" },
	{ TEXT,    adds_blanks,         "blanks at the end of a quoted-printable line go (RFC 2045 6.7)" },
	{ TEXT,    has_odd_type,        "a Content-Type that is none is text" },
	{ TEXT,    has_odd_encoding,    "a misspelt transfer encoding is understood" },
	{ TEXT,    is_prose,            "prose under the name of base64 is prose" },
};
/* clang-format on */

static const char *
known_reason(enum what what, const struct trio *trio)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].what == what && known[i].applies(trio))
			return known[i].reason;
	return NULL;
}
