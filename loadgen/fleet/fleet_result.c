#include "fleet_result.h"

#include "child.h"
#include "err.h"
#include "exit_code.h"
#include "paths.h"
#include "run_folder.h"
#include "run_options.h"
#include "run_outputs.h"
#include "share_folder.h"
#include "term.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOOK_EVERY_NS 5000000

/* --- loadgen-analysis, which outlives a signal that ends the run --- */

struct words {
    char **list; /* owned, NULL-terminated */
    size_t n;
    bool is_short; /* of memory */
};

static void add_word(struct words *w, const char *word)
{
    char **more = realloc(w->list, (w->n + 2) * sizeof *more);
    char *copy = strdup(word);
    if (more)
        w->list = more;
    if (!more || !copy) {
        free(copy);
        w->is_short = true;
        return;
    }
    w->list[w->n++] = copy;
    w->list[w->n] = NULL;
}

static void words_fini(struct words *w)
{
    for (size_t i = 0; i < w->n; i++)
        free(w->list[i]);
    free(w->list);
}

static int await_end(const struct fleet_result *r, pid_t pid, int *status)
{
    for (;;) {
        const pid_t ended = waitpid(pid, status, WNOHANG);
        if (ended == pid || (ended < 0 && errno != EINTR))
            return ended == pid ? 0 : -1;
        r->turn(r->payload);
        nanosleep(&(struct timespec){ .tv_nsec = LOOK_EVERY_NS }, NULL);
    }
}

/* Its exit code, or -1 and a sentence. Frees the words. */
static int run_analysis(const struct fleet_result *r, struct words *w, bool is_silent, struct err *e)
{
    const struct child_io io = { .in = -1, .out = is_silent ? -1 : STDOUT_FILENO, .error = STDERR_FILENO };
    pid_t pid = 0;
    int status = 0;
    int code = -1;
    fflush(stdout);
    const int error = w->is_short ? ENOMEM : child_start((const char *const *)w->list, &io, true, &pid);
    if (error)
        err_set(e, ERR_FAILED, "cannot run loadgen-analysis: %s",
                error == ENOENT ? "it is neither beside loadgen-fleet nor on PATH" : strerror(error));
    else if (await_end(r, pid, &status))
        err_errno(e, ERR_FAILED, "cannot wait for loadgen-analysis");
    else if (!WIFEXITED(status))
        err_set(e, ERR_FAILED, "loadgen-analysis was ended by a signal");
    else
        code = WEXITSTATUS(status);
    words_fini(w);
    return code;
}

static struct words analysis_words(const char *command)
{
    struct words w = { 0 };
    char path[PATH_MAX];
    paths_program("loadgen-analysis", path, sizeof path);
    add_word(&w, path);
    add_word(&w, command);
    return w;
}

/* --- the result --- */

static void add_shares(const struct fleet_result *r, struct words *w)
{
    char path[PATH_MAX];
    for (uint32_t i = 0; i < r->n_shares; i++)
        if (access(share_folder_of(r->shares, i, path), F_OK) == 0)
            add_word(w, path);
}

int fleet_result_make(const struct fleet_result *r, struct err *e)
{
    char number[16];
    struct words w = analysis_words("merge");
    add_shares(r, &w);
    add_word(&w, "--out");
    add_word(&w, r->folder);
    if (r->allow_missing > 0) {
        snprintf(number, sizeof number, "%u", r->allow_missing);
        add_word(&w, "--allow-missing");
        add_word(&w, number);
    }
    const int code = run_analysis(r, &w, true, e);
    if (code != EXIT_CODE_FAILED && code != EXIT_CODE_USAGE)
        return code;
    return err_set(e, ERR_FAILED, "the shares could not be merged");
}

static uint64_t number_of(const json_t *object, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

/* As of a single run: without a success outside of warm-up, the service was not measured. */
int fleet_result_check(const struct fleet_result *r, struct err *e)
{
    char path[PATH_MAX];
    json_error_t ignored;
    uint64_t n_ok = 0, n_done = 0;
    size_t i;
    const json_t *phase;
    if ((size_t)snprintf(path, sizeof path, "%s/run.json", r->folder) >= sizeof path)
        return 0;
    json_t *run = json_load_file(path, 0, &ignored);
    json_array_foreach(json_object_get(run, "phases"), i,
                       phase) if (!json_is_true(json_object_get(phase, "warmup")))
    {
        n_ok += number_of(phase, "ok_n");
        n_done += number_of(phase, "done_n") + number_of(phase, "censored_n");
    }
    json_decref(run);
    if (n_ok > 0)
        return 0;
    if (n_done == 0)
        return err_set(e, ERR_FAILED, "no request was due outside of warm-up; nothing was measured");
    return err_set(e, ERR_FAILED, "no request succeeded; %.900s/errors.csv says why", r->folder);
}

static void add_outputs(const struct run_options *o, struct words *w)
{
    if (o->json)
        add_word(w, "--json");
    if (o->junit_file) {
        add_word(w, "--junit");
        add_word(w, o->junit_file);
    }
    if (o->markdown_file) {
        add_word(w, "--markdown");
        add_word(w, o->markdown_file);
    }
}

int fleet_result_show(const struct fleet_result *r, struct err *e)
{
    const struct run_options *o = r->options;
    const bool is_silent = o->quiet && !run_outputs_use_stdout(o);
    struct run_folder folder = { .path = "" };
    snprintf(folder.path, sizeof folder.path, "%s", r->folder);
    run_folder_point_latest(&folder);
    if (is_silent && !o->junit_file && !o->markdown_file)
        return 0;
    struct words w = analysis_words("summary");
    add_word(&w, r->folder);
    add_outputs(o, &w);
    const int code = run_analysis(r, &w, is_silent, e);
    return code <= 0 ? code : err_set(e, ERR_FAILED, "the result could not be shown");
}

void fleet_result_print_remedy(const struct fleet_result *r)
{
    fputs("loadgen-fleet: the folders of the shares are kept; to merge them again: loadgen analysis merge ",
          stderr);
    term_word(stderr, r->shares);
    fprintf(stderr, "/share-* --out DIR\n");
}
