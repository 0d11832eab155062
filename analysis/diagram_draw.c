#include "diagram.h"

#include "err.h"
#include "files.h"
#include "report_deployment.h"
#include "text_out.h"

#include <errno.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { PATH_BYTES = 4096, DIAGRAM_MOST_BYTES = 16 << 20 };

/* Replaces the description when it changed; 1 when it did. */
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

/* Runs dot; 0, or 1 with the reason. */
static int run_dot(const char *from, const char *to, const char *format, char *reason, size_t reason_bytes)
{
    char option[16];
    snprintf(option, sizeof option, "-T%s", format);
    const char *argv[] = { "dot", option, "-o", to, from, NULL };
    pid_t pid;
    const int failed = posix_spawnp(&pid, "dot", NULL, NULL, (char *const *)argv, environ);
    if (failed) {
        snprintf(reason, reason_bytes, "dot cannot be started (%s); install graphviz", strerror(failed));
        return 1;
    }
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) {
            snprintf(reason, reason_bytes, "dot was lost: %s", strerror(errno));
            return 1;
        }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    unlink(to);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        snprintf(reason, reason_bytes, "dot is not installed; it comes with graphviz");
    else
        snprintf(reason, reason_bytes, "dot failed on %s", from);
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
        if ((changed || access(to, F_OK)) && run_dot(from, to, formats[i], reason, reason_bytes))
            return 1;
    }
    return 0;
}
