/*
 * texts_file.c - the product's own words, as the files below templates/ say
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk_impl.h"
#include "ouv/log.h"

#define FILE_MOST (1 << 20)

static enum ouv_err
read_all(int fd, char *out, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = read(fd, out + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return OUV_TEMPORARY;
		done += (size_t)n;
	}
	return OUV_OK;
}

static enum ouv_err
read_file(struct ouv_arena *arena, const char *path, const char **text_out)
{
	struct stat st;
	enum ouv_err err = OUV_NOT_FOUND;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text;

	if (fd < 0) {
		ouv_log_error("%s: %s", path, strerror(errno));
		return OUV_NOT_FOUND;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		st.st_size <= FILE_MOST) {
		text = ouv_arena_alloc(arena, (size_t)st.st_size + 1);
		err = read_all(fd, text, (size_t)st.st_size);
		text[st.st_size] = '\0';
		*text_out = text;
	}
	if (err != OUV_OK)
		ouv_log_error("%s cannot be read", path);
	(void)close(fd);
	return err;
}

enum ouv_err
texts_read(struct ouv_office *office)
{
	size_t count;
	const struct ouv_text_decl *decls =
		ouv_text_list(office->texts, &count);
	struct text_live *list =
		ouv_arena_array(office->arena, count, sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		list[i].decl = &decls[i];
		list[i].findings = -1;
		for (int l = 0; l < OUV_LANG__COUNT; l++)
			TRY(read_file(office->arena,
				ouv_arena_printf(office->arena, "%s/%s.%s.txt",
					office->config->paths_templates,
					decls[i].name,
					ouv_lang_tag((enum ouv_lang)l)),
				&list[i].body[l]));
	}
	office->shipped = list;
	office->shipped_count = count;
	return OUV_OK;
}
