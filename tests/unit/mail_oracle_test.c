/*
 * mail_oracle_test.c - where libetpan and GMime agree, we agree with them
 *
 * Every specimen, and twelve mutations of each by simple rules with a fixed
 * seed, are read by all three.  What both libraries see alike we must see
 * alike, except where the table below says why not.  libetpan reads in a child,
 * which may die of what it reads.
 *
 * By hand: mail_oracle_test FOLDER... compares all files below the folders.
 */
#include <dirent.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "mail_oracles.c"

#define FOLDER "tests/data/mail"
#define MUTATIONS 12 /* of each specimen */
#define MAILS_MAX 2000

/* ---- the mails -------------------------------------------------------------
 */

struct mail {
	char *name;
	char *raw;
	size_t len;
};

static struct mail mails[MAILS_MAX];
static size_t mail_count;

static void
load(const char *path)
{
	FILE *file = fopen(path, "re");
	struct mail *m = &mails[mail_count];
	long size;

	if (file == NULL || mail_count == MAILS_MAX)
		return;
	(void)fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	m->raw = malloc((size_t)size + 1);
	if (m->raw == NULL)
		abort();
	m->len = fread(m->raw, 1, (size_t)size, file);
	m->name = copy_of(path, strlen(path));
	mail_count++;
	(void)fclose(file);
}

static int
is_specimen(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot != NULL && strcmp(dot, ".eml") == 0;
}

static void
load_specimens(void)
{
	struct dirent **names = NULL;
	int count = scandir(FOLDER, &names, is_specimen, alphasort);

	for (int i = 0; i < count; i++) {
		char path[512];

		(void)snprintf(
			path, sizeof(path), FOLDER "/%s", names[i]->d_name);
		load(path);
		free(names[i]);
	}
	free(names);
}

/* ---- mutations -------------------------------------------------------------
 */

static unsigned
next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 16) & 0x7fff;
}

static size_t
below(unsigned *seed, size_t n)
{
	return n == 0 ? 0
		      : ((size_t)next_random(seed) << 15 | next_random(seed)) %
				n;
}

/* Where the line that holds at begins, and the next one. */
static size_t
line_start(const struct mail *m, size_t at)
{
	while (at > 0 && m->raw[at - 1] != '\n')
		at--;
	return at;
}

static size_t
line_next(const struct mail *m, size_t at)
{
	while (at < m->len && m->raw[at] != '\n')
		at++;
	return at < m->len ? at + 1 : at;
}

/* Puts insert in the place of cut bytes. */
static void
splice(struct mail *m, size_t at, size_t cut, const char *insert, size_t len)
{
	char *made = malloc(m->len - cut + len + 1);

	if (made == NULL)
		abort();
	memcpy(made, m->raw, at);
	memcpy(made + at, insert, len);
	memcpy(made + at + len, m->raw + at + cut, m->len - at - cut);
	free(m->raw);
	m->raw = made;
	m->len = m->len - cut + len;
}

static void
mutate(struct mail *m, unsigned *seed)
{
	static const char signs[] = "\"<>()=?;:, \t@-\n_'*%\\.8";
	size_t at = below(seed, m->len), start = line_start(m, at);
	size_t next = line_next(m, at);
	char sign = signs[below(seed, sizeof(signs) - 1)];
	char *line;

	switch (next_random(seed) % 7) {
	case 0: /* a line is lost */
		splice(m, start, next - start, "", 0);
		break;
	case 1: /* a line comes twice */
		line = copy_of(m->raw + start, next - start);
		splice(m, start, 0, line, next - start);
		free(line);
		break;
	case 2:
		m->len = at;
		break;
	case 3:
		splice(m, at, 1, &sign, 1);
		break;
	case 4:
		splice(m, at, 0, &sign, 1);
		break;
	case 5:
		splice(m, at, 1, "", 0);
		break;
	default:
		m->raw[at] = (char)(m->raw[at] ^ 0x20);
		break;
	}
}

/* Known by its name, so that a new specimen changes no other's mutations. */
static unsigned
seed_of(const char *name, size_t number)
{
	unsigned seed = (unsigned)number * 40503u;

	for (; *name != '\0'; name++)
		seed = (seed ^ (unsigned char)*name) * 16777619u;
	return seed;
}

/* The same mail for the same number, whoever asks. */
static struct mail
case_of(size_t number)
{
	const struct mail *from = &mails[number % mail_count];
	size_t mutation = number / mail_count;
	unsigned seed = seed_of(from->name, mutation);
	struct mail m = { from->name, copy_of(from->raw, from->len),
		from->len };
	int times = mutation == 0 ? 0 : 1 + (int)(next_random(&seed) % 3);

	while (times-- > 0 && m.len > 0)
		mutate(&m, &seed);
	return m;
}

/* ---- ours ------------------------------------------------------------------
 */

/* In front of the first part, behind the last, or where no part came. */
static bool
is_extra(const struct mail_message *message, const struct mail_leaf *leaf)
{
	const char *p = message->raw.p + leaf->offset;

	if (strncmp(leaf->type.value, "multipart", 9) == 0)
		return true;
	if (leaf->parent != 0 || leaf->typed)
		return false;
	if (leaf->offset == message->nodes[0].offset)
		return true;
	while (p > message->raw.p && (p[-1] == '\n' || p[-1] == '\r'))
		p--;
	return p - message->raw.p > 2 && p[-1] == '-' && p[-2] == '-';
}

static bool
is_repair(const char *defect)
{
	static const char *const repairs[] = { "bad-boundary", "no-boundary",
		"bad-content-type", "parts-after-end" };

	for (size_t i = 0; i < sizeof(repairs) / sizeof(repairs[0]); i++)
		if (strcmp(defect, repairs[i]) == 0)
			return true;
	return false;
}

static void
view_ours(const char *raw, size_t len, struct view *view)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct mail_message message = { .raw = { raw, len } };
	struct ouv_mail mail = { .ok = true, .subject = "", .text = "" };

	memset(view, 0, sizeof(*view));
	read_message(arena, &message, &mail);
	view->subject = copy_of(mail.subject, strlen(mail.subject));
	if (mail.from.count > 0)
		view->from = copy_of(
			mail.from.list[0].addr, strlen(mail.from.list[0].addr));
	for (size_t i = 0; i < message.count; i++) {
		const struct mail_leaf *leaf = &message.nodes[i];
		struct ouv_str bytes;

		if (leaf->multipart)
			continue;
		view->leaves++;
		view->extra += is_extra(&message, leaf);
		bytes = mail_leaf_bytes(arena, &message, leaf);
		view->decoded += bytes.len;
		if (keep_text && view->text == NULL &&
			is_text_type(leaf->content_type)) {
			view->text = copy_of(bytes.p, bytes.len);
			view->text_len = bytes.len;
			view->odd_type =
				!leaf->typed && *leaf->type.value != '\0';
		}
	}
	view->broken = message.header.broken;
	for (size_t i = 0; i < mail.defects.count; i++)
		view->repaired |= is_repair(mail.defects.list[i]);
	ouv_arena_free(&arena);
}

/* ---- libetpan, in a child --------------------------------------------------
 */

static void
put_bytes(FILE *to, const char *text, size_t len, bool there)
{
	unsigned long n = there ? len : (unsigned long)-1;

	(void)fwrite(&n, sizeof(n), 1, to);
	if (there)
		(void)fwrite(text, 1, len, to);
}

static bool
get_bytes(FILE *from, char **text_out, size_t *len_out)
{
	unsigned long n;

	*text_out = NULL;
	*len_out = 0;
	if (fread(&n, sizeof(n), 1, from) != 1)
		return false;
	if (n == (unsigned long)-1)
		return true;
	*text_out = malloc(n + 1);
	if (*text_out == NULL || fread(*text_out, 1, n, from) != n)
		return false;
	(*text_out)[n] = '\0';
	*len_out = n;
	return true;
}

struct child {
	pid_t pid;
	FILE *from;
	size_t next; /* the case it answers next */
	size_t died; /* how often it did */
};

static void
child_main(int fd, size_t first, size_t count)
{
	FILE *to = fdopen(fd, "w");
	struct rlimit cpu = { 120, 120 };

	(void)setrlimit(RLIMIT_CPU, &cpu);
	if (to == NULL)
		_exit(1);
	for (size_t i = first; i < count; i++) {
		struct mail m = case_of(i);
		struct view v;

		view_etpan(m.raw, m.len, &v);
		(void)fwrite(&v.leaves, sizeof(v.leaves), 1, to);
		put_bytes(to, v.subject, v.subject ? strlen(v.subject) : 0,
			v.subject != NULL);
		put_bytes(to, v.from, v.from ? strlen(v.from) : 0,
			v.from != NULL);
		put_bytes(to, v.text, v.text_len, v.text != NULL);
		if (fflush(to) != 0)
			_exit(1);
		view_free(&v);
		free(m.raw);
	}
	_exit(0);
}

static void
child_start(struct child *child, size_t count)
{
	int pipes[2];

	if (pipe(pipes) != 0)
		abort();
	(void)fflush(NULL);
	child->pid = fork();
	if (child->pid < 0)
		abort();
	if (child->pid == 0) {
		(void)close(pipes[0]);
		child_main(pipes[1], child->next, count);
	}
	(void)close(pipes[1]);
	child->from = fdopen(pipes[0], "r");
	if (child->from == NULL)
		abort();
}

static void
child_end(struct child *child)
{
	(void)fclose(child->from);
	(void)waitpid(child->pid, NULL, 0);
	child->from = NULL;
}

/* The next view of libetpan; false: it died of this one. */
static bool
child_view(struct child *child, size_t count, struct view *view)
{
	size_t len;
	bool got;

	memset(view, 0, sizeof(*view));
	if (child->from == NULL)
		child_start(child, count);
	got = fread(&view->leaves, sizeof(view->leaves), 1, child->from) == 1;
	got = got && get_bytes(child->from, &view->subject, &len);
	got = got && get_bytes(child->from, &view->from, &len);
	got = got && get_bytes(child->from, &view->text, &view->text_len);
	child->next++;
	if (!got) {
		child->died++;
		child_end(child);
	}
	return got;
}

/* ---- comparing -------------------------------------------------------------
 */

enum what {
	SUBJECT,
	FROM,
	LEAVES,
	TEXT,
	WHAT__COUNT
};

static const char *const what_names[] = { "subject", "from", "leaves", "text" };

/* One line, one blank for many, none at the ends. */
static char *
one_line(const char *text)
{
	size_t len = text == NULL ? 0 : strlen(text), n = 0;
	char *out = copy_of(text, len);

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)out[i];

		if (c > ' ' && c != 0x7f)
			out[n++] = out[i];
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return out;
}

static bool
same_line(const char *a, const char *b)
{
	char *left = one_line(a), *right = one_line(b);
	bool same = strcmp(left, right) == 0;

	free(left);
	free(right);
	return same;
}

/* Bytes without CR and without line ends at the end. */
static size_t
squeeze(char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		if (text[i] != '\r')
			text[n++] = text[i];
	while (n > 0 && text[n - 1] == '\n')
		n--;
	return n;
}

static bool
same_text(const struct view *a, const struct view *b)
{
	char *left, *right;
	size_t n, m;
	bool same;

	if (a->text == NULL || b->text == NULL)
		return a->text == b->text;
	left = copy_of(a->text, a->text_len);
	right = copy_of(b->text, b->text_len);
	n = squeeze(left, a->text_len);
	m = squeeze(right, b->text_len);
	same = n == m && memcmp(left, right, n) == 0;
	free(left);
	free(right);
	return same;
}

static bool
same(enum what what, const struct view *a, const struct view *b)
{
	switch (what) {
	case SUBJECT:
		return same_line(a->subject, b->subject);
	case FROM:
		return same_line(a->from, b->from);
	case LEAVES:
		return a->leaves == b->leaves;
	default:
		return same_text(a, b);
	}
}

/* That both found nothing says nothing: finding more is our purpose. */
static bool
has(enum what what, const struct view *v)
{
	return what == SUBJECT ? v->subject != NULL && *v->subject != '\0'
	       : what == FROM  ? v->from != NULL && *v->from != '\0'
	       : what == TEXT  ? v->text != NULL
			       : v->leaves > 0;
}

#include "mail_oracle_known.c"

static void
show(const char *who, enum what what, const struct view *v)
{
	char number[20];
	const char *text = what == SUBJECT ? v->subject
			   : what == FROM  ? v->from
			   : what == TEXT  ? v->text
					   : number;

	(void)snprintf(number, sizeof(number), "%d", v->leaves);
	print_error("  %s: [%.300s]\n", who, text == NULL ? "(none)" : text);
}

struct tally {
	size_t compared, agreed[WHAT__COUNT], excused, wrong;
	size_t died; /* mails that libetpan died of */
};

static void
compare(struct tally *tally, size_t number, const struct mail *m,
	const struct view *etpan)
{
	struct view ours, gmime;

	view_ours(m->raw, m->len, &ours);
	view_gmime(m->raw, m->len, &gmime);
	tally->compared++;
	for (enum what what = SUBJECT; what < WHAT__COUNT; what++) {
		struct trio trio = { m, &ours, &gmime };

		if (!has(what, &gmime) || !same(what, etpan, &gmime))
			continue;
		tally->agreed[what]++;
		if (same(what, &ours, &gmime))
			continue;
		if (known_reason(what, &trio) != NULL) {
			tally->excused++;
			continue;
		}
		tally->wrong++;
		print_error("%s, case %zu: %s\n", m->name, number,
			what_names[what]);
		show("ours", what, &ours);
		show("both", what, &gmime);
		if (getenv("OUV_ORACLE_KEEP") != NULL) {
			char path[300];
			FILE *keep;

			(void)snprintf(path, sizeof(path), "%s/%zu.eml",
				getenv("OUV_ORACLE_KEEP"), number);
			keep = fopen(path, "we");
			if (keep != NULL) {
				(void)fwrite(m->raw, 1, m->len, keep);
				(void)fclose(keep);
			}
		}
	}
	view_free(&ours);
	view_free(&gmime);
}

static struct tally
compare_all(size_t count)
{
	struct child child = { 0 };
	struct tally tally = { 0 };

	for (size_t i = 0; i < count; i++) {
		struct mail m = case_of(i);
		struct view etpan;

		if (child_view(&child, count, &etpan))
			compare(&tally, i, &m, &etpan);
		view_free(&etpan);
		free(m.raw);
	}
	if (child.from != NULL)
		child_end(&child);
	tally.died = child.died;
	print_message("%zu mails, agreed on: subject %zu, from %zu, leaves "
		      "%zu, text %zu; libetpan died of %zu; known %zu, "
		      "wrong %zu\n",
		tally.compared, tally.agreed[SUBJECT], tally.agreed[FROM],
		tally.agreed[LEAVES], tally.agreed[TEXT], child.died,
		tally.excused, tally.wrong);
	return tally;
}

static void
what_both_libraries_see_we_see(void **state)
{
	struct tally tally;

	(void)state;
	load_specimens();
	assert_true(mail_count >= 100);
	tally = compare_all(mail_count * (1 + MUTATIONS));
	/* a test that compares nothing would pass, too */
	assert_int_equal(
		tally.compared + tally.died, mail_count * (1 + MUTATIONS));
	for (int i = 0; i < WHAT__COUNT; i++)
		assert_true(tally.agreed[i] > tally.compared / 3);
	assert_int_equal(tally.wrong, 0);
}

static int
load_file(const char *path, const struct stat *status, int kind,
	struct FTW *where)
{
	(void)status;
	(void)where;
	if (kind == FTW_F)
		load(path);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_both_libraries_see_we_see),
	};

	g_mime_init();
	if (argc == 1)
		return cmocka_run_group_tests(tests, NULL, NULL);
	for (int i = 1; i < argc; i++)
		(void)nftw(argv[i], load_file, 16, FTW_PHYS);
	return compare_all(mail_count).wrong > 0;
}
