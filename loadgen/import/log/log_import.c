#include "log_import.h"

#include "alb_line.h"
#include "combined_line.h"
#include "err.h"
#include "files.h"
#include "log_file.h"
#include "log_requests.h"
#include "log_scenario.h"
#include "log_sort.h"
#include "log_summary.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char default_methods[] = "GET,HEAD";

static const struct {
    const char *kind;
    struct log_form form;
} forms[] = {
    { "alb", { .parse = alb_line_parse } },
    { "apache", { .parse = combined_line_parse, .spreads = true } },
    { "nginx", { .parse = combined_line_parse, .spreads = true, .is_when_written = true } },
};

struct log_job {
    const struct import_job *job;
    struct log_reading reading;
    struct log_sort sort;
    struct log_summary *summary; /* owned */
    struct log_requests requests;
};

static const struct log_form *form_of(const char *kind)
{
    size_t i = 0;
    while (strcmp(forms[i].kind, kind) != 0)
        i++;
    return &forms[i].form;
}

static int take_entry(void *payload, const struct log_entry *entry, struct err *e)
{
    struct log_job *l = payload;
    return log_summary_count(l->summary, entry, e) || log_sort_add(&l->sort, entry, e) ? -1 : 0;
}

static int read_files(struct log_job *l, struct err *e)
{
    const struct log_reading *r = &l->reading;
    for (size_t i = 0; i < l->job->n_files; i++)
        if (log_file_read(&l->reading, l->job->files[i], e))
            return -1;
    if (l->summary->n > 0)
        return 0;
    if (r->n_skipped[LOG_BROKEN] == r->n_lines && r->n_lines > 0)
        return err_set(e, ERR_INPUT, "none of the %llu lines is one of an %s access log",
                       (unsigned long long)r->n_lines, l->job->kind);
    return err_set(
        e, ERR_INPUT, "no request can be replayed: %llu lines, %llu of them with other methods than %s",
        (unsigned long long)r->n_lines, (unsigned long long)r->n_skipped[LOG_OTHER_METHOD], r->methods);
}

/* The given one, or where most requests went. */
static const char *find_target(const struct log_job *l, struct err *e)
{
    const char *target = l->job->target ? l->job->target : log_origins_main(&l->summary->origins);
    if (!target)
        err_set(e, ERR_INPUT, "an %s log does not hold where the requests went: give --target URL",
                l->job->kind);
    return target;
}

static int check_target(const char *url, struct err *e)
{
    struct plan plan = { 0 };
    target_init(&plan.target);
    const int status = target_parse_url(&plan.target, url, e);
    plan_fini(&plan);
    return status;
}

/* "DIR/shop.requests.csv" beside "DIR/shop.yaml"; owned. */
static char *requests_path(const char *scenario)
{
    static const char end[] = ".requests.csv";
    const char *slash = strrchr(scenario, '/'), *dot = strrchr(scenario, '.');
    const size_t stem =
        dot && dot > (slash ? slash + 1 : scenario) ? (size_t)(dot - scenario) : strlen(scenario);
    char *path = malloc(stem + sizeof end);
    if (path) {
        memcpy(path, scenario, stem);
        memcpy(path + stem, end, sizeof end);
    }
    return path;
}

static int put_entry(void *payload, const struct log_entry *entry, struct err *e)
{
    const struct log_requests *r = payload;
    (void)e;
    log_requests_put(r, entry);
    return 0;
}

static int write_requests(struct log_job *l, const char *path, struct err *e)
{
    l->requests.file = files_create(path, e);
    if (!l->requests.file)
        return -1;
    log_requests_begin(&l->requests);
    int status = log_sort_each(&l->sort, put_entry, &l->requests, e);
    struct err ignored;
    if (files_close(l->requests.file, path, status ? &ignored : e))
        status = -1;
    if (status)
        unlink(path);
    return status;
}

static int write_all(struct log_job *l, FILE *out, struct err *e)
{
    const char *target = find_target(l, e);
    if (!target || check_target(target, e))
        return -1;
    char *path = requests_path(l->job->output);
    if (!path)
        return plan_out_of_memory(e);
    const char *slash = strrchr(path, '/');
    log_groups_name(&l->summary->groups);
    l->requests.summary = l->summary;
    l->requests.has_hosts = !l->job->target && l->summary->origins.n > 1;
    const struct log_scenario scenario = { .job = l->job,
                                           .reading = &l->reading,
                                           .summary = l->summary,
                                           .target = target,
                                           .requests = slash ? slash + 1 : path,
                                           .has_hosts = l->requests.has_hosts,
                                           .speed = log_scenario_speed(l->summary) };
    const int status = scenario.speed > 0 ? write_requests(l, path, e)
                                          : err_set(e, ERR_INPUT, "the log spans more than 80 years");
    if (status == 0)
        log_scenario_write(&scenario, out);
    free(path);
    return status;
}

int log_import(const struct import_job *job, FILE *out, struct err *e)
{
    struct log_job l = { .job = job,
                         .reading = { .form = form_of(job->kind),
                                      .methods = job->methods ? job->methods : default_methods,
                                      .visit = take_entry } };
    l.reading.payload = &l;
    if (!job->output)
        return err_set(e, ERR_INPUT, "give -o FILE: the recorded requests are written beside the scenario");
    l.summary = calloc(1, sizeof *l.summary);
    if (!l.summary)
        return plan_out_of_memory(e);
    log_sort_init(&l.sort, job->output);
    const int status = read_files(&l, e) || write_all(&l, out, e) ? -1 : 0;
    log_sort_fini(&l.sort);
    log_groups_fini(&l.summary->groups);
    free(l.summary);
    return status;
}
