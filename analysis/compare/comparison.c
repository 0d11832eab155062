#include "comparison.h"

#include "arms.h"
#include "dataset.h"
#include "err.h"
#include "json_want.h"
#include "run_path.h"
#include "signed_rank.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CAMPAIGN_MOST_BYTES = 16 << 20, PATH_BYTES = 4096 };

static void init(struct comparison *c)
{
    *c = (struct comparison){ .primary = SAMPLE_P99, .margin = decide_defaults.margin };
    c->ks.distance = NAN;
    for (int i = 0; i < N_SAMPLE_VALUES; i++)
        c->within[i].value = NAN;
}

void comparison_fini(struct comparison *c)
{
    free(c->pairs);
    *c = (struct comparison){ 0 };
}

static struct comparison_pair *add_pair(struct comparison *c, struct err *e)
{
    const size_t n = c->n_pairs + c->n_controls;
    if (n == c->capacity) {
        const size_t capacity = c->capacity ? 2 * c->capacity : 16;
        struct comparison_pair *larger = realloc(c->pairs, capacity * sizeof *larger);
        if (!larger) {
            err_set(e, ERR_FAILED, "out of memory for %zu pairs of runs", n);
            return NULL;
        }
        c->pairs = larger;
        c->capacity = capacity;
    }
    c->pairs[n] = (struct comparison_pair){ .number = (unsigned)n + 1 };
    return &c->pairs[n];
}

static void count_pair(struct comparison *c, const struct comparison_pair *pair)
{
    if (pair->is_control)
        c->n_controls++;
    else
        c->n_pairs++;
}

static struct decide_run run_of(const struct sample *s, enum sample_value value)
{
    return (struct decide_run){ .time = { .state = ATTEMPT_EXACT, .value = s->value[value] },
                                .less_generator = NAN,
                                .failed = NAN };
}

static int decide(struct comparison *c, enum sample_value value, struct err *e)
{
    const size_t n = c->n_pairs + c->n_controls;
    struct decide_pair *pairs = calloc(n + 1, sizeof *pairs);
    struct decide_pair *controls = calloc(n + 1, sizeof *controls);
    struct decide_question q = decide_defaults;
    int status = -1;
    if (!pairs || !controls) {
        err_set(e, ERR_FAILED, "out of memory for %zu pairs of runs", n);
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        const struct comparison_pair *pair = &c->pairs[i];
        struct decide_pair *to = pair->is_control ? &controls[q.n_controls++] : &pairs[q.n_pairs++];
        *to = (struct decide_pair){ .b_first = strcmp(pair->order, "BA") == 0,
                                    .a = run_of(&pair->a, value),
                                    .b = run_of(&pair->b, value) };
    }
    q.pairs = pairs;
    q.controls = controls;
    q.margin = c->margin;
    q.p_ppm = sample_value_ppm(value);
    q.is_secondary = sample_value_of(value) != SAMPLE_OF_ALL;
    status = decide_metric(&q, &c->results[value], e);
done:
    free(pairs);
    free(controls);
    return status;
}

/* Results adjusted for multiple testing are those of the clusters themselves; the others only check them. */
static int conclude(struct comparison *c, struct err *e)
{
    for (int i = 0; i < N_SAMPLE_VALUES; i++)
        if (decide(c, (enum sample_value)i, e))
            return -1;
    return decide_family(c->results, SAMPLE_RATE + 1, c->primary, decide_defaults.confidence, e);
}

int comparison_of_run(struct comparison *c, const struct dataset *data, struct err *e)
{
    init(c);
    if (data->n_arms < 2)
        return err_set(e, ERR_INPUT, "%s has one cluster only; a comparison needs two, or two runs",
                       data->folder);
    struct comparison_pair *pair = add_pair(c, e);
    if (!pair)
        return -1;
    snprintf(pair->order, sizeof pair->order, "side");
    sample_take(data, 0, &pair->a);
    sample_take(data, 1, &pair->b);
    count_pair(c, pair);
    comparison_within(c, data);
    return conclude(c, e);
}

static void leave_out(struct comparison *c, const struct err *why)
{
    char *to = c->n_broken == 0                     ? c->why_broken
               : c->n_broken <= COMPARISON_WHY_MORE ? c->why_more[c->n_broken - 1]
                                                    : NULL;
    if (to)
        snprintf(to, COMPARISON_REASON_BYTES, "%.390s", why->text);
    c->n_broken++;
}

/* What else is known of a run that was read. */
struct sampled {
    bool is_done;
    struct err lacks; /* its log lacks times, so it must not be compared; ERR_NONE: it is whole */
};

/* Samples the arm of that cluster, or the only arm when `cluster` is NULL. */
static int sample_run(const char *folder, const char *cluster, struct sample *out, struct sampled *about,
                      struct err *e)
{
    struct dataset data = { 0 };
    int status = dataset_open(&data, folder, e);
    if (!status) {
        const size_t arm = cluster ? arms_index(data.arms, data.n_arms, cluster) : 0;
        if (arm == data.n_arms)
            status = err_set(e, ERR_INPUT, "%s sent nothing to cluster '%s'", folder, cluster ? cluster : "");
        else if (!cluster && data.n_arms > 1)
            status = err_set(e, ERR_INPUT, "%s has %zu clusters; say with --clusters A,B which to compare",
                             folder, data.n_arms);
        else
            sample_take(&data, arm, out);
        about->is_done = strcmp(data.run.end, "done") == 0;
        about->lacks.kind = ERR_NONE;
        whole_times(&data, &about->lacks);
    }
    dataset_fini(&data);
    return status;
}

int comparison_of_runs(struct comparison *c, const char *const *a, const char *const *b, size_t n,
                       const char *cluster_a, const char *cluster_b, struct err *e)
{
    init(c);
    for (size_t i = 0; i < n; i++) {
        struct sampled of_a, of_b;
        struct comparison_pair *pair = add_pair(c, e);
        if (!pair || sample_run(a[i], cluster_a, &pair->a, &of_a, e) ||
            sample_run(b[i], cluster_b, &pair->b, &of_b, e))
            return -1;
        const struct err *lacks = of_a.lacks.kind != ERR_NONE ? &of_a.lacks : &of_b.lacks;
        if (lacks->kind != ERR_NONE) {
            *e = *lacks;
            leave_out(c, lacks);
            continue;
        }
        snprintf(pair->order, sizeof pair->order, "AB");
        if (pair->a.headline != pair->b.headline)
            return err_set(e, ERR_INPUT, "%s measured %s times and %s %s times; these cannot be compared",
                           a[i], metric_name(pair->a.headline), b[i], metric_name(pair->b.headline));
        count_pair(c, pair);
    }
    return c->n_pairs == 0 && c->n_broken > 0 ? -1 : conclude(c, e);
}

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
    struct comparison_pair *pair = w->failed ? NULL : add_pair(c, e);
    if (!pair)
        return -1;
    pair->number = number;
    pair->is_control = is_control;
    snprintf(pair->order, sizeof pair->order, "%s", order);
    for (int i = 0; i < 2; i++) {
        char path[PATH_BYTES];
        struct sampled about = { 0 };
        struct err why;
        snprintf(path, sizeof path, "%s/%s", folder, folders[i]);
        const int status = sample_run(path, clusters[i], i == 0 ? &pair->a : &pair->b, &about, &why);
        if (status && is_run(path)) {
            leave_out(c, &why);
            return 0;
        }
        if (status || !about.is_done) {
            c->n_missing++;
            return 0;
        }
        if (about.lacks.kind != ERR_NONE) {
            leave_out(c, &about.lacks);
            return 0;
        }
    }
    count_pair(c, pair);
    return 0;
}

static enum sample_value primary_of(const char *name)
{
    for (int i = 0; i < SAMPLE_RATE; i++)
        if (strcmp(sample_value_name((enum sample_value)i), name) == 0)
            return (enum sample_value)i;
    return SAMPLE_P99;
}

int comparison_of_campaign(struct comparison *c, const char *folder, struct err *e)
{
    char path[PATH_BYTES];
    init(c);
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
    c->primary = primary_of(json_want_text(&w, top, "primary"));
    const double margin = json_want_real_or_null(&w, top, "margin");
    c->margin = margin > 0 ? margin : c->margin;
    const json_t *pairs = json_want_array(&w, top, "pairs");
    for (size_t i = 0; !status && !w.failed && i < json_array_size(pairs); i++) {
        char name[32];
        snprintf(name, sizeof name, "pairs[%zu]", i);
        status = read_pair(c, folder, &w, (struct json_place){ json_array_get(pairs, i), name }, e);
    }
    json_decref(root);
    return status || w.failed ? -1 : conclude(c, e);
}

const struct comparison_pair *comparison_first(const struct comparison *c)
{
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++)
        if (!c->pairs[i].is_control)
            return &c->pairs[i];
    return NULL;
}

struct decide_interval comparison_ratio(const struct comparison *c, enum sample_value value)
{
    const struct run_interval *within = &c->within[value];
    if (c->within_run && isfinite(within->value) && within->value > 0)
        return (struct decide_interval){ within->value, within->lo, within->hi };
    struct decide_interval ratio = c->results[value].ratio;
    if (c->results[value].n_pairs < signed_rank_pairs_least(decide_defaults.confidence))
        ratio.lo = ratio.hi = NAN;
    return ratio;
}
