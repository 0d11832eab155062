#include "upload.h"

#include "err.h"
#include "files.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_BYTES_MOST = 64 * 1024 * 1024 };

/* Paths keep their "..", as the kernel would resolve them; one that climbs above / would leave the folder. */
static bool climbs_out(const char *path)
{
    int depth = 0;
    for (const char *at = path; *at && depth >= 0;) {
        const size_t n = strcspn(at, "/");
        if (n == 2 && strncmp(at, "..", n) == 0)
            depth--;
        else if (n > 0 && !(n == 1 && *at == '.'))
            depth++;
        at += n + (at[n] == '/');
    }
    return depth < 0;
}

int upload_place(const struct upload *u, const char *path, char out[static PATH_MAX], struct err *e)
{
    const int length = *path == '/' ? snprintf(out, PATH_MAX, UPLOAD_FILES "%s", path)
                                    : snprintf(out, PATH_MAX, UPLOAD_FILES "%s/%s", u->current, path);
    if (length < 0 || length >= PATH_MAX)
        return err_set(e, ERR_INPUT, "the path %.200s... is too long", path);
    return climbs_out(out + strlen(UPLOAD_FILES)) ? err_set(e, ERR_INPUT, "the path %s leads above /", path)
                                                  : 0;
}

/* Makes the folder of each component but the last in turn, those before a ".." too. */
static int make_parents(char *path, struct err *e)
{
    for (char *slash = strchr(path + 1, '/'); slash && slash[strspn(slash, "/")];
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        const int status = mkdir(path, 0700);
        *slash = '/';
        if (status < 0 && errno != EEXIST)
            return err_errno(e, ERR_FAILED, "cannot make the folder of %s", path);
    }
    return 0;
}

/* The whole path of a place, whose folders it makes. */
static int make_place(const struct upload *u, const char *path, char out[static PATH_MAX], struct err *e)
{
    char place[PATH_MAX];
    if (upload_place(u, path, place, e))
        return -1;
    if (snprintf(out, PATH_MAX, "%s/%s", u->folder, place) >= PATH_MAX)
        return err_set(e, ERR_INPUT, "the path %.200s... is too long", path);
    return make_parents(out, e);
}

int upload_init(struct upload *u, struct err *e)
{
    char inside[PATH_MAX];
    const char *temporary = getenv("TMPDIR");
    *u = (struct upload){ .folder = "" };
    if (!getcwd(u->current, sizeof u->current))
        return err_errno(e, ERR_FAILED, "cannot tell the current folder");
    snprintf(u->folder, sizeof u->folder, "%.200s/loadgen-upload-XXXXXX",
             temporary && *temporary == '/' ? temporary : "/tmp");
    if (!mkdtemp(u->folder)) {
        const int status = err_errno(e, ERR_FAILED, "cannot make a folder %s", u->folder);
        *u->folder = '\0';
        return status;
    }
    return make_place(u, "results/latest", inside, e);
}

void upload_fini(struct upload *u)
{
    struct err ignored;
    if (*u->folder)
        files_remove_tree(u->folder, &ignored);
    *u = (struct upload){ .folder = "" };
}

int upload_add(struct upload *u, const char *path, struct err *e)
{
    char place[PATH_MAX];
    char whole[PATH_MAX];
    if (!realpath(path, whole))
        return err_errno(e, ERR_INPUT, "cannot read %s", path);
    if (make_place(u, path, place, e))
        return -1;
    if (symlink(whole, place) == 0 || errno == EEXIST)
        return 0;
    return err_errno(e, ERR_FAILED, "cannot take %s along", path);
}

int upload_copy(struct upload *u, FILE *from, const char *path, struct err *e)
{
    char place[PATH_MAX];
    char piece[65536];
    size_t copied = 0;
    if (make_place(u, path, place, e))
        return -1;
    FILE *out = files_create(place, e);
    if (!out)
        return -1;
    for (size_t n; copied <= COPY_BYTES_MOST && (n = fread(piece, 1, sizeof piece, from)) > 0; copied += n)
        fwrite(piece, 1, n, out);
    if (files_close(out, place, e))
        return -1;
    return copied > COPY_BYTES_MOST ? err_set(e, ERR_INPUT, "standard input is too long for a body") : 0;
}

int upload_make_parents(struct upload *u, const char *path, struct err *e)
{
    char place[PATH_MAX];
    return make_place(u, path, place, e);
}
