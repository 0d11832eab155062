#include "diagram.h"

#include "child.h"
#include "err.h"
#include "files.h"
#include "report_deployment.h"
#include "text_out.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, DIAGRAM_MOST_BYTES = 16 << 20 };

/* Replaces the description if it changed; then returns 1. */
static int update(const char *path, const char *text, size_t n, struct err *e)
{
    struct err ignored;
    char *old = NULL;
    size_t old_n = 0;
    const bool same = access(path, F_OK) == 0 &&
                      !files_read(path, DIAGRAM_MOST_BYTES, &old, &old_n, &ignored) && old_n == n &&
                      memcmp(old, text, n) == 0;
    free(old);
    if (same)
        return 0;
    return files_write(path, text, n, 0644, e) ? -1 : 1;
}

static bool is_drawn(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0 && S_ISREG(about.st_mode);
}

/* Runs dot in the folder, where all names are ours: 0, or 1 with the reason. A picture moves to its place
 * when whole; one that cannot be redrawn is removed. */
static int run_dot(const char *folder, const char *format, char *reason, size_t reason_bytes)
{
    char option[16], name[32], new_path[PATH_BYTES], path[PATH_BYTES], said[CHILD_SAID_BYTES];
    snprintf(option, sizeof option, "-T%s", format);
    snprintf(name, sizeof name, "diagram.%s.new", format);
    snprintf(new_path, sizeof new_path, "%s/%s", folder, name);
    snprintf(path, sizeof path, "%s/diagram.%s", folder, format);
    unlink(new_path); /* dot would write through a link */
    const char *const argv[] = { "dot", option, "-o", name, "diagram.dot", NULL };
    const enum child_end end = child_run(argv, folder, said);
    if (end == CHILD_DONE && rename(new_path, path) == 0)
        return 0;
    unlink(new_path);
    unlink(path);
    if (end == CHILD_MISSING)
        snprintf(reason, reason_bytes, "dot is not installed, or not on PATH; it comes with graphviz");
    else
        snprintf(reason, reason_bytes, "dot failed on diagram.%s: %.200s", format,
                 end == CHILD_DONE ? "it drew nothing" : said);
    return 1;
}

int diagram_draw(const struct deployment *d, const char *folder, char *reason, size_t reason_bytes,
                 struct err *e)
{
    static const char *const formats[] = { "svg", "pdf" };
    struct text_out diagram;
    if (text_out_begin(&diagram))
        diagram_write(diagram.file, d);
    char *text = text_out_end(&diagram);
    char from[PATH_BYTES], to[PATH_BYTES];
    snprintf(from, sizeof from, "%s/diagram.dot", folder);
    const int changed = text ? update(from, text, diagram.length_bytes, e)
                             : err_set(e, ERR_FAILED, "out of memory for the diagram");
    free(text);
    if (changed < 0)
        return -1;
    for (size_t i = 0; i < 2; i++) {
        snprintf(to, sizeof to, "%s/diagram.%s", folder, formats[i]);
        if ((changed || !is_drawn(to)) && run_dot(folder, formats[i], reason, reason_bytes))
            return 1;
    }
    return 0;
}
