/* `down --lost`: removes a run without its deployment file. In a shared account the runs of others look the
 * same, so that only a run named by its id is removed. */
#include "aws.h"

#include "aws_down.h"
#include "aws_regions.h"
#include "aws_runs.h"
#include "aws_session.h"
#include "clock.h"
#include "deployment.h"
#include "err.h"
#include "lock.h"
#include "provider.h"
#include "run_index.h"
#include "settings.h"
#include "status_lines.h"
#include "term.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print_elsewhere(void *payload, const struct run_index_entry *entry)
{
    const struct aws_session *s = payload;
    if (strcmp(entry->account, s->caller.account) == 0 && strcmp(entry->region, s->config.region) == 0)
        return;
    if (access(entry->path, F_OK) < 0)
        return;
    printf("run %s of this machine is in %s of account %s: ", entry->run_id, entry->region, entry->account);
    term_name(stdout, entry->path);
    putchar('\n');
}

/* What was not looked at. */
static void print_other_places(struct aws_session *s)
{
    printf("only %s (from %s) was looked at; `--region all` lists what is in the others\n", s->config.region,
           s->config.region_source);
    run_index_visit(print_elsewhere, s);
}

static void print_missing(const char *run_id)
{
    struct run_index_entry entry;
    printf("nothing of run %s is there\n", run_id);
    if (!run_index_find(run_id, &entry) || access(entry.path, F_OK) < 0)
        return;
    fputs("it is recorded here: `loadgen provision down --deployment ", stdout);
    term_word(stdout, entry.path);
    puts("` looks for what was made last, too");
}

/* Reads a line from the terminal, without its end; empty at the end of input. -1 when interrupted. */
static int read_line(const struct provider_context *context, char *line, size_t line_bytes, struct err *e)
{
    size_t n = 0;
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
    for (;;) {
        char c;
        if (*context->interrupted)
            return err_set(e, ERR_FAILED, "interrupted: nothing was removed");
        if (poll(&input, 1, 200) <= 0)
            continue;
        if (read(STDIN_FILENO, &c, 1) != 1 || c == '\n')
            break;
        if (n + 1 < line_bytes)
            line[n++] = c;
    }
    line[n] = '\0';
    return 0;
}

/* 1: the user named a run, 0: none. */
static int ask(const struct aws_session *s, const struct aws_runs *runs, const struct aws_run **run,
               struct err *e)
{
    char line[64];
    fputs("which run is to be removed? Its id, or Enter for none: ", stdout);
    fflush(stdout);
    if (read_line(s->context, line, sizeof line, e) < 0)
        return -1;
    *run = aws_runs_find(runs, line);
    if (*run)
        return 1;
    if (*line)
        return err_set(e, ERR_INPUT, "there is no run '%s' in the list: nothing was removed", line);
    puts("nothing was removed");
    return 0;
}

/* 1: `*run` is to be removed, 0: nothing is. */
static int choose(struct aws_session *s, const struct aws_runs *runs, const struct aws_run **run,
                  struct err *e)
{
    const char *asked = s->context->settings->run_id;
    *run = asked ? aws_runs_find(runs, asked) : NULL;
    if (*run)
        return 1;
    if (runs->n == 0)
        printf("nothing of ours is in %s of account %s\n", s->config.region, s->caller.account);
    else
        printf("in %s of account %s:\n\n", s->config.region, s->caller.account);
    if (runs->n > 0 && aws_runs_print(runs, clock_realtime_ns(), stdout, e) < 0)
        return -1;
    if (runs->n > 0)
        putchar('\n');
    print_other_places(s);
    if (asked)
        print_missing(asked);
    if (asked || runs->n == 0)
        return 0;
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
        return ask(s, runs, run, e);
    char *command = aws_runs_command(s, &runs->items[0]);
    err_set(e, ERR_INPUT, "nothing was removed: name the run by its id, as in `%s`", command ? command : "");
    free(command);
    return -1;
}

/* Keeps `up` and `down` of this machine away from the run. A lock that cannot be written is no reason to let
 * the run go on. */
static int lock_file(const struct aws_run *run, struct lock *lock, struct err *e)
{
    char holder[24];
    if (!*run->path || access(run->path, F_OK) < 0 || lock_take(lock, run->path, e) == 0)
        return 0;
    return lock_is_held(run->path, holder, sizeof holder) ? -1 : 0;
}

/* The file would stand in the way of the next `up`; one that has since come to record another run stays. */
static void forget_file(const struct aws_run *run)
{
    struct deployment d;
    struct err ignored;
    run_index_remove(run->tags.run);
    if (!*run->path || access(run->path, F_OK) < 0)
        return;
    const bool is_other =
        deployment_load(&d, run->path, &ignored) == 1 && strcmp(d.run_id, run->tags.run) != 0;
    deployment_fini(&d);
    if (is_other || unlink(run->path) < 0)
        return;
    fputs("removed ", stdout);
    term_name(stdout, run->path);
    puts(", which recorded it");
}

/* Whether its file is here and whole. It is then loaded: it knows what was begun too lately to be listed. */
static bool load_file(struct aws_session *s, const struct aws_run *run)
{
    struct err ignored;
    struct deployment *d = s->deployment;
    if (*run->path && deployment_load(d, run->path, &ignored) == 1 && !d->redacted &&
        strcmp(d->run_id, run->tags.run) == 0 && strcmp(d->region, s->config.region) == 0 &&
        strcmp(d->account, s->caller.account) == 0)
        return true;
    deployment_fini(d);
    return false;
}

static int remove_locked(struct aws_session *s, const struct aws_run *run, struct err *e)
{
    struct provider_context *context = s->context;
    struct lock lock = { .fd = -1 };
    int status;
    if (lock_file(run, &lock, e) < 0)
        return err_prefix(e, "run %s was left alone", run->tags.run);
    status_lines_print(s->lines, "removing run %s of %s in %s of account %s: %zu instances, %zu resources",
                       run->tags.run, *run->tags.owner ? run->tags.owner : "an unknown owner",
                       s->config.region, s->caller.account, run->n_instances, run->n_resources);
    context->existing = load_file(s, run);
    if (context->existing) {
        context->path = run->path;
        status = aws_down(context, e);
    } else
        status = aws_down_run(s, run->tags.run, e);
    status_lines_end(s->lines);
    if (status == 0) {
        forget_file(run);
        puts("nothing is left");
    }
    lock_release(&lock);
    return status;
}

static int remove_one(struct aws_session *s, const struct aws_run *run, struct err *e)
{
    char *command = aws_runs_command(s, run);
    if (!command)
        return err_set(e, ERR_FAILED, "out of memory");
    s->context->down = command;
    const int status = remove_locked(s, run, e);
    if (status < 0 && !s->context->left_is_said)
        err_append(e, "what is left of run %s is removed by `%s`", run->tags.run, command);
    s->context->down = NULL;
    free(command);
    return status;
}

int aws_down_lost(struct provider_context *context, struct err *e)
{
    struct aws_session s;
    struct aws_runs runs = { 0 };
    const struct aws_run *run = NULL;
    if (context->settings->region && strcmp(context->settings->region, "all") == 0)
        return aws_regions_list(context, e);
    int status = aws_session_open(&s, context, NULL, e);
    if (status == 0)
        status = aws_runs_read(&s, &runs, e);
    if (status == 0)
        status = choose(&s, &runs, &run, e);
    if (status == 1 && run)
        status = remove_one(&s, run, e);
    aws_runs_fini(&runs);
    aws_session_close(&s);
    return status;
}
