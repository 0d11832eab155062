#include "input_files.h"

#include "err.h"
#include "files.h"
#include "paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void input_files_fini(struct input_files *in)
{
    for (size_t i = 0; i < in->n; i++) {
        struct input_file *f = &in->list[i];
        if (f->fd >= 0)
            close(f->fd);
        free(f->path);
        free(f->word);
        free(f->bytes);
    }
    free(in->list);
    *in = (struct input_files){ 0 };
}

static bool is_name(const char *name, const char *asked)
{
    return name && strcmp(name, asked) == 0;
}

static struct input_file *find(const struct input_files *in, const char *path)
{
    for (size_t i = 0; i < in->n; i++)
        if (is_name(in->list[i].path, path))
            return &in->list[i];
    return NULL;
}

static int out_of_memory(const char *path, struct err *e)
{
    return err_set(e, ERR_FAILED, "out of memory while reading %s", path);
}

int input_files_add(struct input_files *in, const char *path, char *bytes, size_t length_bytes, struct err *e)
{
    struct input_file *larger = realloc(in->list, (in->n + 1) * sizeof *larger);
    char *copy = strdup(path);
    if (larger)
        in->list = larger;
    if (!larger || !copy) {
        free(copy);
        free(bytes);
        return out_of_memory(path, e);
    }
    in->list[in->n++] =
        (struct input_file){ .path = copy, .bytes = bytes, .length_bytes = length_bytes, .fd = -1 };
    return 0;
}

static int not_there(const char *path, struct err *e)
{
    errno = ENOENT;
    return err_errno(e, ERR_INPUT, "cannot open %s", path);
}

/* The file in the list, read now if it is not there yet; NULL and a sentence. */
static struct input_file *get(struct input_files *in, const char *path, size_t most_bytes, struct err *e)
{
    char *bytes;
    size_t length;
    struct input_file *f = find(in, path);
    if (f)
        return f;
    if (in->is_complete) {
        not_there(path, e);
        return NULL;
    }
    if (files_read(path, most_bytes, &bytes, &length, e) || input_files_add(in, path, bytes, length, e))
        return NULL;
    return &in->list[in->n - 1];
}

int input_files_keep(struct input_files *in, const char *path, size_t most_bytes, struct err *e)
{
    return !in || get(in, path, most_bytes, e) ? 0 : -1;
}

int input_files_read(struct input_files *in, const char *path, size_t most_bytes, char **data,
                     size_t *length_bytes, struct err *e)
{
    if (!in)
        return files_read(path, most_bytes, data, length_bytes, e);
    const struct input_file *f = get(in, path, most_bytes, e);
    if (!f)
        return -1;
    char *copy = malloc(f->length_bytes + 1);
    if (!copy)
        return out_of_memory(path, e);
    memcpy(copy, f->bytes, f->length_bytes + 1);
    *data = copy;
    *length_bytes = f->length_bytes;
    return 0;
}

FILE *input_files_open(struct input_files *in, const char *path, size_t most_bytes, struct err *e)
{
    const struct input_file *f = in ? get(in, path, most_bytes, e) : NULL;
    if (in && !f)
        return NULL;
    FILE *stream = in ? fmemopen(f->bytes, f->length_bytes, "r") : fopen(path, "re");
    if (!stream)
        err_errno(e, ERR_INPUT, "cannot open %s", path);
    return stream;
}

static int copy_path(const char *path, char out[static PATH_MAX], struct err *e)
{
    if ((size_t)snprintf(out, PATH_MAX, "%s", path) < PATH_MAX)
        return 0;
    return err_set(e, ERR_INPUT, "cannot open %.200s...: the path is too long", path);
}

/* A file in memory with these bytes; -1 and errno. */
static int memory_file(const struct input_file *f)
{
    const int fd = memfd_create("loadgen", MFD_CLOEXEC);
    for (size_t done = 0; fd >= 0 && done < f->length_bytes;) {
        const ssize_t n = TEMP_FAILURE_RETRY(write(fd, f->bytes + done, f->length_bytes - done));
        if (n < 0) {
            const int cause = errno;
            close(fd);
            errno = cause;
            return -1;
        }
        done += (size_t)n;
    }
    return fd;
}

int input_files_path(struct input_files *in, const char *path, char out[static PATH_MAX], struct err *e)
{
    struct input_file *f = in ? find(in, path) : NULL;
    if (!f && in && in->is_complete)
        return not_there(path, e);
    if (!f)
        return copy_path(path, out, e);
    if (f->fd < 0)
        f->fd = memory_file(f);
    if (f->fd < 0)
        return err_errno(e, ERR_FAILED, "cannot keep %s in memory", path);
    snprintf(out, PATH_MAX, "/proc/self/fd/%d", f->fd);
    return 0;
}

bool input_files_has(const struct input_files *in, const char *path)
{
    return in && in->is_complete ? find(in, path) != NULL : access(path, F_OK) == 0;
}

static const char *path_of_word(const struct input_files *in, const char *word)
{
    for (size_t i = 0; i < in->n; i++)
        if (is_name(in->list[i].word, word))
            return in->list[i].path;
    return NULL;
}

/* So that the word leads there without the disk, too. */
static int keep_word(struct input_files *in, const char *word, const char *path, size_t most_bytes,
                     struct err *e)
{
    struct input_file *f = get(in, path, most_bytes, e);
    if (f && !f->word && !(f->word = strdup(word)))
        return out_of_memory(path, e);
    return f ? 0 : -1;
}

int input_files_shipped(struct input_files *in, const char *what, const char *folder, const char *given,
                        char out[static PATH_MAX], struct err *e)
{
    enum { SHIPPED_BYTES_MOST = 1024 * 1024 };
    const char *path = in ? path_of_word(in, given) : NULL;
    if (path || (in && in->is_complete))
        return copy_path(path ? path : given, out, e);
    if (paths_shipped(what, folder, given, out, PATH_MAX, e))
        return -1;
    return in && strcmp(out, given) != 0 ? keep_word(in, given, out, SHIPPED_BYTES_MOST, e) : 0;
}
