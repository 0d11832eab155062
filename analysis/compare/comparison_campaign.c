/* Reads a campaign folder: its pairs in their order, which runs are missing or broken, what was declared in
 * advance. */
#include "comparison.h"
#include "comparison_read.h"
#include "err.h"
#include "json_want.h"
#include "run_path.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CAMPAIGN_MOST_BYTES = 16 << 20, PATH_BYTES = 4096 };

static bool is_run(const char *folder)
{
    char path[PATH_BYTES + 16];
    snprintf(path, sizeof path, "%s/run.json", folder);
    return access(path, F_OK) == 0;
}

/* Reads a pair of the campaign. When its runs are absent or did not end well, it is counted as missing;
 * when one cannot be read, it is left out and reported. */
static int read_pair(struct comparison *c, const char *folder, struct json_want *w, struct json_place at,
                     struct err *e)
{
    const struct json_place runs = { json_want_object_or_null(w, at, "runs"), "runs" };
    const char *const folders[] = { json_want_text(w, runs, "a"), json_want_text(w, runs, "b") };
    const char *const clusters[] = { json_want_text(w, at, "arm_a"), json_want_text(w, at, "arm_b") };
    const char *const order = json_want_text(w, at, "order");
    const bool is_control = strcmp(json_want_text(w, at, "kind"), "aa") == 0;
    const unsigned number = (unsigned)json_want_count(w, at, "pair");
    for (int i = 0; i < 2 && !w->failed; i++)
        if (!run_path_is_name(folders[i]))
            return err_set(e, ERR_INPUT,
                           "%s: '%s.runs.%c' must be the name of a run folder beside it, not '%.100s'",
                           w->file, at.name, "ab"[i], folders[i]);
    struct comparison_pair *pair = w->failed ? NULL : comparison_add_pair(c, e);
    if (!pair)
        return -1;
    pair->number = number;
    pair->is_control = is_control;
    snprintf(pair->order, sizeof pair->order, "%s", order);
    for (int i = 0; i < 2; i++) {
        char path[PATH_BYTES];
        struct comparison_sampled about = { 0 };
        struct err why;
        snprintf(path, sizeof path, "%s/%s", folder, folders[i]);
        const int status = comparison_sample(path, clusters[i], i == 0 ? &pair->a : &pair->b, &about, &why);
        if (status && is_run(path)) {
            comparison_leave_out(c, &why);
            return 0;
        }
        if (status || !about.is_done) {
            c->n_missing++;
            return 0;
        }
        if (about.lacks.kind != ERR_NONE) {
            comparison_leave_out(c, &about.lacks);
            return 0;
        }
    }
    comparison_count_pair(c, pair);
    return 0;
}

/* Whether the number of pairs was fixed in advance, or the width of the interval ended the campaign. */
static void read_stopping(struct comparison *c, struct json_want *w, struct json_place top)
{
    const struct json_place at = { json_want_object_or_null(w, top, "stopping"), "stopping" };
    if (!at.object || strcmp(json_want_text(w, at, "rule"), "until_width") != 0)
        return;
    c->n_looks = (unsigned)json_want_count(w, at, "looks_n");
    c->width = json_want_real(w, at, "width");
    const double quantile = json_want_real(w, at, "quantile");
    if (quantile > 0.5 && quantile < 1)
        c->confidence = quantile;
}

static void read_urls(struct comparison *c, struct json_place top)
{
    const json_t *urls = json_object_get(top.object, "urls");
    for (size_t i = 0; i < 2 && json_array_size(urls) == 2; i++) {
        const char *url = json_string_value(json_array_get(urls, i));
        snprintf(c->urls[i], sizeof c->urls[i], "%s", url ? url : "");
        utf8_line(c->urls[i]);
    }
}

/* The metric declared in advance; NULL, the file lacks it, is reported already. */
static int read_primary(struct comparison *c, const char *name, const char *path, struct err *e)
{
    for (int i = 0; name && i < SAMPLE_RATE; i++)
        if (strcmp(sample_value_name((enum sample_value)i), name) == 0) {
            c->primary = (enum sample_value)i;
            return 0;
        }
    return name ? err_set(e, ERR_INPUT, "%s: 'primary' must be p50, p90, p99 or p99.9, not '%.40s'", path,
                          name)
                : 0;
}

int comparison_of_campaign(struct comparison *c, const char *folder, struct err *e)
{
    char path[PATH_BYTES];
    comparison_init(c);
    c->is_campaign = true;
    snprintf(path, sizeof path, "%s/campaign.json", folder);
    json_t *root = json_want_file(path, CAMPAIGN_MOST_BYTES, e);
    if (!root)
        return -1;
    struct json_want w = { .file = path, .e = e };
    const struct json_place top = { root, "" };
    int status = 0;
    if (json_want_count(&w, top, "schema_version") != 1 && !w.failed)
        status = err_set(e, ERR_INPUT,
                         "%s: its schema version is unknown to this program, which reads version 1", path);
    c->seed = json_want_count_or(&w, top, "seed", 0);
    if (!status)
        status = read_primary(c, json_want_text(&w, top, "primary"), path, e);
    const double margin = json_want_real_or_null(&w, top, "margin");
    c->margin = margin > 0 ? margin : c->margin;
    const json_t *pairs = json_want_array(&w, top, "pairs");
    for (size_t i = 0; !status && !w.failed && i < json_array_size(pairs); i++) {
        char name[32];
        snprintf(name, sizeof name, "pairs[%zu]", i);
        status = read_pair(c, folder, &w, (struct json_place){ json_array_get(pairs, i), name }, e);
    }
    read_stopping(c, &w, top);
    read_urls(c, top);
    json_decref(root);
    if (status || w.failed)
        return -1;
    comparison_name_clusters(c);
    return comparison_decide(c, e);
}
