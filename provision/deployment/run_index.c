#include "run_index.h"

#include "err.h"
#include "files.h"
#include "state_folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_BYTES_MOST = 8192 };

#define FILE_START "run-"

/* A run id may come from a tag, which anyone can set. */
static bool is_run_id(const char *text)
{
    const size_t length = strspn(text, "0123456789abcdef");
    return length > 0 && length < DEPLOYMENT_RUN_ID_BYTES && text[length] == '\0';
}

static char *file_of(const char *run_id)
{
    char name[sizeof FILE_START + DEPLOYMENT_RUN_ID_BYTES];
    if (!is_run_id(run_id))
        return NULL;
    snprintf(name, sizeof name, FILE_START "%s", run_id);
    return state_folder_file(name);
}

void run_index_add(const struct deployment *d, const char *path)
{
    char text[FILE_BYTES_MOST];
    struct err ignored;
    char *absolute = realpath(path, NULL);
    char *file = file_of(d->run_id);
    if (absolute && file) {
        const int length = snprintf(text, sizeof text, "%s\n%s\n%s\n", d->account, d->region, absolute);
        (void)files_write(file, text, (size_t)length, 0600, &ignored);
    }
    free(absolute);
    free(file);
}

void run_index_remove(const char *run_id)
{
    char *file = file_of(run_id);
    if (file)
        unlink(file);
    free(file);
}

/* Copies the first line, or up to the last line end if `is_last`, and returns what follows; NULL: too long.
 */
static const char *take(const char *text, bool is_last, char *out, size_t out_bytes)
{
    const char *end = text ? (is_last ? strrchr(text, '\n') : strchr(text, '\n')) : NULL;
    if (!end || (size_t)(end - text) >= out_bytes)
        return NULL;
    snprintf(out, out_bytes, "%.*s", (int)(end - text), text);
    return end + 1;
}

bool run_index_find(const char *run_id, struct run_index_entry *entry)
{
    struct err ignored;
    size_t length;
    char *text = NULL;
    char *file = file_of(run_id);
    *entry = (struct run_index_entry){ .run_id = "" };
    if (file && access(file, R_OK) == 0 && files_read(file, FILE_BYTES_MOST, &text, &length, &ignored) < 0)
        text = NULL;
    const char *at = take(text, false, entry->account, sizeof entry->account);
    at = take(at, false, entry->region, sizeof entry->region);
    at = take(at, true, entry->path, sizeof entry->path);
    if (at)
        snprintf(entry->run_id, sizeof entry->run_id, "%s", run_id);
    free(text);
    free(file);
    return at != NULL && entry->path[0] == '/';
}

void run_index_visit(run_index_visit_fn *visit, void *payload)
{
    char *folder = state_folder_file("");
    DIR *open = folder ? opendir(folder) : NULL;
    const struct dirent *file;
    while (open && (file = readdir(open)) != NULL) {
        struct run_index_entry entry;
        if (strncmp(file->d_name, FILE_START, strlen(FILE_START)) == 0 &&
            run_index_find(file->d_name + strlen(FILE_START), &entry))
            visit(payload, &entry);
    }
    if (open)
        closedir(open);
    free(folder);
}
