#include "aws_runs.h"

#include "aws_inventory.h"
#include "aws_removal.h"
#include "aws_session.h"
#include "clock.h"
#include "deployment.h"
#include "lock.h"
#include "provider.h"
#include "settings.h"
#include "table.h"
#include "term.h"
#include "text_out.h"
#include "units.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The file that --deployment names may record the run, though the index lost it. */
static bool is_recorded_in(const char *path, const char *run_id)
{
    struct deployment d;
    struct err ignored;
    const bool is = deployment_load(&d, path, &ignored) == 1 && strcmp(d.run_id, run_id) == 0;
    deployment_fini(&d);
    return is;
}

static void find_file(const struct aws_session *s, struct aws_run *run)
{
    struct run_index_entry entry;
    if (run_index_find(run->tags.run, &entry))
        snprintf(run->path, sizeof run->path, "%s", entry.path);
    else if (is_recorded_in(s->context->path, run->tags.run))
        snprintf(run->path, sizeof run->path, "%s", s->context->path);
}

static struct aws_run *append(struct aws_session *s, struct aws_runs *runs, const struct aws_tags *tags)
{
    struct aws_run *larger = realloc(runs->items, (runs->n + 1) * sizeof *larger);
    if (!larger)
        return NULL;
    runs->items = larger;
    struct aws_run *run = &runs->items[runs->n++];
    *run = (struct aws_run){ .tags = *tags };
    run->tags.usd_per_hour = 0;
    find_file(s, run);
    return run;
}

static int count(struct aws_session *s, struct aws_runs *runs, const struct aws_found *found, struct err *e)
{
    struct aws_run *run = (struct aws_run *)aws_runs_find(runs, found->tags.run);
    if (!run)
        run = append(s, runs, &found->tags);
    if (!run)
        return err_set(e, ERR_FAILED, "out of memory");
    run->n_instances += found->kind == AWS_KIND_INSTANCE;
    run->n_resources++;
    run->tags.usd_per_hour += found->tags.usd_per_hour;
    return 0;
}

int aws_runs_read(struct aws_session *s, struct aws_runs *runs, struct err *e)
{
    struct aws_inventory inventory = { 0 };
    int status = aws_inventory_read(s, NULL, &inventory, &runs->unread);
    if (status < 0 && (inventory.n == 0 || aws_removal_must_end(s))) {
        *e = runs->unread;
        aws_inventory_fini(&inventory);
        return -1;
    }
    if (status == 0)
        runs->unread = (struct err){ ERR_NONE, "" };
    status = 0;
    for (size_t i = 0; status == 0 && i < inventory.n; i++)
        status = count(s, runs, &inventory.items[i], e);
    aws_inventory_fini(&inventory);
    return status;
}

void aws_runs_fini(struct aws_runs *runs)
{
    free(runs->items);
    *runs = (struct aws_runs){ 0 };
}

const struct aws_run *aws_runs_find(const struct aws_runs *runs, const char *run_id)
{
    for (size_t i = 0; i < runs->n; i++)
        if (strcmp(runs->items[i].tags.run, run_id) == 0)
            return &runs->items[i];
    return NULL;
}

char *aws_runs_command(const struct aws_session *s, const struct aws_run *run)
{
    struct text_out out;
    if (text_out_begin(&out)) {
        fprintf(out.file, "loadgen provision down --provider aws --lost --region %s --run-id ",
                s->config.region);
        term_word(out.file, run->tags.run);
        if (s->context->settings->profile) {
            fputs(" --profile ", out.file);
            term_word(out.file, s->context->settings->profile);
        }
    }
    return text_out_end(&out);
}

static void add_times(struct table *t, const struct aws_run *run, uint64_t now_ns)
{
    char age[UNITS_TEXT_BYTES];
    uint64_t created_ns;
    const double usd = run->tags.usd_per_hour;
    const bool is_known = clock_utc_parse(run->tags.created_utc, &created_ns) == 0 && created_ns <= now_ns;
    table_cell(t, "%s",
               is_known ? units_duration_text((now_ns - created_ns) / NS_PER_S * NS_PER_S, age) : "unknown");
    table_cell(t, "%zu", run->n_instances);
    table_cell(t, "%zu", run->n_resources);
    table_cell(t, usd > 0 ? "%.2f" : "-", usd);
    table_cell(t, usd > 0 && is_known ? "%.2f" : "-", usd * (double)(now_ns - created_ns) / 3600e9);
}

static void add_file(struct table *t, const struct aws_run *run)
{
    char holder[24];
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", run->path);
    utf8_line(path);
    if (!*path)
        table_cell(t, "not recorded");
    else if (lock_is_held(run->path, holder, sizeof holder))
        table_cell(t, "in use by process %s: %s", *holder ? holder : "unknown", path);
    else
        table_cell(t, access(run->path, F_OK) == 0 ? "recorded in %s" : "was recorded in %s", path);
}

int aws_runs_print(const struct aws_runs *runs, uint64_t now_ns, FILE *out, struct err *e)
{
    static const struct {
        const char *name;
        enum table_align align;
    } columns[] = {
        { "run", TABLE_LEFT },         { "owner", TABLE_LEFT },           { "age", TABLE_RIGHT },
        { "instances", TABLE_RIGHT },  { "resources", TABLE_RIGHT },      { "USD per hour", TABLE_RIGHT },
        { "USD so far", TABLE_RIGHT }, { "on this machine", TABLE_LEFT },
    };
    struct table t = { .n_columns = 0 };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        table_column(&t, columns[i].align, 2);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        table_cell(&t, "%s", columns[i].name);
    for (size_t i = 0; i < runs->n; i++) {
        const struct aws_run *run = &runs->items[i];
        table_cell(&t, "%s", run->tags.run);
        table_cell(&t, "%s", *run->tags.owner ? run->tags.owner : "unknown");
        add_times(&t, run, now_ns);
        add_file(&t, run);
    }
    const int status = table_print(&t, out) < 0 ? err_set(e, ERR_FAILED, "out of memory") : 0;
    table_fini(&t);
    if (runs->unread.kind != ERR_NONE)
        fprintf(out, "\n  not listed: %s\n", runs->unread.text);
    return status;
}
