#include "folder_pieces.h"

#include "clock.h"
#include "err.h"
#include "files.h"
#include "units.h"
#include "wire.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
    PIECE_BYTES = 1 << 20,
    UNSENT_MOST_BYTES = 4 << 20, /* pieces under way at once */
};
#define UNSENT_MOST_NS (60 * NS_PER_S)

/* The first byte of each piece. */
enum piece { PIECE_FILE = 'f', PIECE_DATA = 'd', PIECE_END = 'e' };

/* --- sending --- */

struct sending {
    struct wire *wire;
    uint32_t to, tag;
    unsigned char *piece; /* owned, 1 + PIECE_BYTES */
};

/* -1 when the receiver takes nothing any more. */
static int send_piece(const struct sending *s, enum piece kind, size_t n_bytes, struct err *e)
{
    const uint64_t until_ns = clock_monotonic_ns() + UNSENT_MOST_NS;
    s->piece[0] = (unsigned char)kind;
    while (wire_unsent_bytes(s->wire) > UNSENT_MOST_BYTES) {
        if (clock_monotonic_ns() > until_ns)
            return err_set(e, ERR_FAILED, "rank %u takes no more", s->to);
        nanosleep(&(struct timespec){ .tv_nsec = NS_PER_MS }, NULL);
    }
    return wire_send(s->wire, s->to, s->tag, s->piece, 1 + n_bytes, e);
}

static int send_text(const struct sending *s, enum piece kind, const char *text, struct err *e)
{
    const size_t n = strnlen(text, PIECE_BYTES);
    memcpy(s->piece + 1, text, n);
    return send_piece(s, kind, n, e);
}

static int send_bytes(const struct sending *s, FILE *file, const char *path, struct err *e)
{
    size_t n;
    errno = 0;
    while ((n = fread(s->piece + 1, 1, PIECE_BYTES, file)) > 0)
        if (send_piece(s, PIECE_DATA, n, e))
            return -1;
    return ferror(file) ? err_errno(e, ERR_FAILED, "cannot read %s", path) : 0;
}

/* Only plain files: a run folder has no others. */
static int send_file(const struct sending *s, const char *folder, const char *name, struct err *e)
{
    char path[PATH_MAX];
    struct stat about;
    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path)
        return err_set(e, ERR_FAILED, "the path of %s is too long", name);
    if (lstat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return 0;
    FILE *file = fopen(path, "re");
    if (!file)
        return err_errno(e, ERR_FAILED, "cannot read %s", path);
    const int status = send_text(s, PIECE_FILE, name, e) || send_bytes(s, file, path, e) ? -1 : 0;
    fclose(file);
    return status;
}

static int send_all(const struct sending *s, const char *folder, struct err *e)
{
    DIR *stream = opendir(folder);
    int status = 0;
    if (!stream)
        return err_errno(e, ERR_FAILED, "cannot read %s", folder);
    for (const struct dirent *entry; status == 0 && (entry = readdir(stream)) != NULL;)
        if (*entry->d_name != '.')
            status = send_file(s, folder, entry->d_name, e);
    closedir(stream);
    return status;
}

void folder_pieces_send(const char *folder, struct wire *w, uint32_t to, uint32_t tag)
{
    struct err why, ignored;
    const unsigned char end = PIECE_END;
    struct sending s = { .wire = w, .to = to, .tag = tag, .piece = malloc(1 + PIECE_BYTES) };
    if (!s.piece)
        wire_send(w, to, tag, &end, 0, &ignored); /* no piece: the receiver refuses it */
    else
        send_text(&s, PIECE_END, send_all(&s, folder, &why) ? why.text : "", &ignored);
    free(s.piece);
}

/* --- taking --- */

int folder_taking_init(struct folder_taking *t, const char *folder, struct err *e)
{
    *t = (struct folder_taking){ .file = NULL };
    snprintf(t->folder, sizeof t->folder, "%s", folder);
    return mkdir(folder, 0700) ? err_errno(e, ERR_FAILED, "cannot make the folder %s", folder) : 0;
}

static int end_file(struct folder_taking *t, struct err *e)
{
    FILE *file = t->file;
    t->file = NULL;
    return file ? files_close(file, t->path, e) : 0;
}

static int begin_file(struct folder_taking *t, const char *name, size_t n, struct err *e)
{
    if (end_file(t, e))
        return -1;
    if (n == 0 || n > NAME_MAX || *name == '.' || memchr(name, '/', n) || memchr(name, '\0', n))
        return err_set(e, ERR_FAILED, "a file of the share has no plain name");
    if ((size_t)snprintf(t->path, sizeof t->path, "%s/%.*s", t->folder, (int)n, name) >= sizeof t->path)
        return err_set(e, ERR_FAILED, "the path of a share is too long");
    t->file = files_create(t->path, e);
    return t->file ? 1 : -1;
}

static int add_bytes(struct folder_taking *t, const unsigned char *bytes, size_t n, struct err *e)
{
    if (!t->file)
        return err_set(e, ERR_FAILED, "a piece of the share belongs to no file");
    return fwrite(bytes, 1, n, t->file) == n ? 1 : err_errno(e, ERR_FAILED, "cannot write %s", t->path);
}

static int end_folder(struct folder_taking *t, const char *failure, size_t n, struct err *e)
{
    if (n > 0)
        return err_set(e, ERR_FAILED, "%.*s", (int)(n < ERR_TEXT_BYTES ? n : ERR_TEXT_BYTES), failure);
    return end_file(t, e);
}

bool folder_pieces_is_last(const unsigned char *bytes, size_t n_bytes)
{
    return n_bytes == 0 || bytes[0] == PIECE_END;
}

int folder_taking_piece(struct folder_taking *t, const unsigned char *bytes, size_t n_bytes, struct err *e)
{
    const enum piece kind = n_bytes > 0 ? (enum piece)bytes[0] : 0;
    if (kind == PIECE_FILE)
        return begin_file(t, (const char *)bytes + 1, n_bytes - 1, e);
    if (kind == PIECE_DATA)
        return add_bytes(t, bytes + 1, n_bytes - 1, e);
    if (kind == PIECE_END)
        return end_folder(t, (const char *)bytes + 1, n_bytes - 1, e);
    return err_set(e, ERR_FAILED, "the share did not arrive whole");
}

void folder_taking_fini(struct folder_taking *t)
{
    if (t->file)
        fclose(t->file);
    t->file = NULL;
}
