#include "campaign_course.h"

#include "campaign.h"
#include "campaign_options.h"
#include "campaign_plan.h"
#include "campaign_run.h"
#include "claims.h"
#include "clock.h"
#include "err.h"
#include "exit_code.h"
#include "files.h"
#include "run_complete.h"
#include "run_once.h"
#include "stop.h"
#include "units.h"
#include "utf8.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static int run_path(const struct campaign_course *x, const struct campaign_pair *pair, bool is_b, char *path,
                    struct err *e)
{
    char name[CAMPAIGN_NAME_BYTES];
    campaign_run_name(x->c, pair, is_b, name);
    if ((size_t)snprintf(path, PATH_MAX, "%s/%s", x->folder, name) >= PATH_MAX)
        return err_set(e, ERR_INPUT, "the path of the campaign is too long");
    return 0;
}

/* Columns for either arm's name. */
static int arm_width(const struct campaign *c)
{
    const size_t a = strlen(c->arms[0]), b = strlen(c->arms[1]), least = 12;
    return (int)(a > b ? (a > least ? a : least) : (b > least ? b : least));
}

static void report_run(const struct campaign_course *x, const struct campaign_pair *pair, bool is_b,
                       bool is_done)
{
    char name[CAMPAIGN_NAME_BYTES], arm[PLAN_NAME_BYTES], left[UNITS_TEXT_BYTES];
    const uint64_t left_ns = campaign_time_left_ns(&x->time);
    campaign_run_name(x->c, pair, is_b, name);
    campaign_arm_name(x->c, pair, is_b, arm);
    if (x->c->is_side_by_side)
        snprintf(arm, sizeof arm, "%s", pair->kind == CAMPAIGN_AA ? "control" : "both");
    fprintf(stderr, "  %-10s  %-*s  %s", name, arm_width(x->c), arm, is_done ? "done" : "not done");
    if (is_done && left_ns > 0)
        fprintf(stderr, "   about %s to go", units_duration_text(left_ns, left));
    fputs("\n", stderr);
}

static int run_now(const struct campaign_course *x, const struct campaign_pair *pair, bool is_b,
                   char path[static PATH_MAX], struct err *e)
{
    const int code = campaign_run_make(x->c, x->o, pair, is_b, path, e);
    if (code == EXIT_CODE_FAILED)
        return -1; /* nothing succeeded: `e` says so */
    return code == EXIT_CODE_THRESHOLD || code == EXIT_CODE_INVALID ? EXIT_CODE_DONE : code;
}

static void report_again(const char *path, const struct err *why)
{
    fputs("  ", stderr);
    utf8_print(stderr, path);
    fputs(" is run again: ", stderr);
    utf8_print(stderr, why->text);
    fputs("\n", stderr);
}

/* One run of a pair: 0 done now or before, 130 stopped, -1 failed. An incomplete folder of an earlier attempt
 * is replaced. */
static int make_run(struct campaign_course *x, const struct campaign_pair *pair, bool is_b, struct err *e)
{
    char path[PATH_MAX];
    struct err why;
    if (run_path(x, pair, is_b, path, e))
        return -1;
    if (run_complete(path, &why))
        return EXIT_CODE_DONE;
    if (why.kind != ERR_NONE)
        report_again(path, &why);
    if (files_remove_tree(path, e))
        return -1;
    if (x->time.n_made > 0)
        run_rest(&x->o->run, x->o->gap_ns);
    if (stop_is_asked())
        return EXIT_CODE_INTERRUPTED;
    const uint64_t start_ns = clock_monotonic_ns();
    const int code = run_now(x, pair, is_b, path, e);
    x->time.made_ns += clock_monotonic_ns() - start_ns + x->o->gap_ns;
    x->time.n_made++;
    x->time.n_done += code == EXIT_CODE_DONE;
    report_run(x, pair, is_b, code == EXIT_CODE_DONE);
    return code;
}

static int make_pair(struct campaign_course *x, const struct campaign_pair *pair, struct err *e)
{
    int code = make_run(x, pair, pair->b_is_first, e);
    if (code == EXIT_CODE_DONE && campaign_runs_per_pair(x->c) == 2 && !stop_is_asked())
        code = make_run(x, pair, !pair->b_is_first, e);
    return stop_is_asked() ? EXIT_CODE_INTERRUPTED : code;
}

int campaign_course_make(struct campaign_course *x, size_t from, struct err *e)
{
    x->time.n_runs = campaign_time_runs(x->c);
    for (size_t i = from; i < x->c->n_pairs; i++) {
        const int code = make_pair(x, &x->c->pairs[i], e);
        if (code != EXIT_CODE_DONE)
            return code;
    }
    return EXIT_CODE_DONE;
}

static void count_connections(struct campaign_course *x, const struct plan *plan)
{
    for (size_t i = 0; i < plan->n_streams; i++)
        for (int arm = 0; arm < 2; arm++)
            if (strcmp(plan->streams[i].cluster, x->c->arms[arm]) == 0)
                x->n_connections[arm] += plan->streams[i].n_connections;
}

static int find_length(struct campaign_course *x, enum campaign_kind kind, bool is_b, struct err *e)
{
    struct plan plan;
    const struct campaign_pair any = { .kind = kind };
    const int status = campaign_plan(&plan, x->c, &any, is_b, &x->o->run, e);
    if (status == 0) {
        x->time.lengths[kind][is_b] = plan_length(&plan);
        bill_init(&x->bill, &plan);
        if (kind == CAMPAIGN_AB)
            count_connections(x, &plan);
    }
    plan_fini(&plan);
    return status;
}

/* Makes every plan once before anything is sent, so that a mistake shows at once. */
static int find_lengths(struct campaign_course *x, struct err *e)
{
    for (int kind = CAMPAIGN_AB; kind <= CAMPAIGN_AA; kind++)
        for (int is_b = 0; is_b < campaign_runs_per_pair(x->c); is_b++)
            if (campaign_count(x->c, (enum campaign_kind)kind) > 0 &&
                find_length(x, (enum campaign_kind)kind, is_b, e))
                return -1;
    return 0;
}

static int count_done(struct campaign_course *x, struct err *e)
{
    for (size_t i = 0; i < x->c->n_pairs; i++)
        for (int is_b = 0; is_b < campaign_runs_per_pair(x->c); is_b++) {
            char path[PATH_MAX];
            struct err why;
            if (run_path(x, &x->c->pairs[i], is_b, path, e))
                return -1;
            x->time.n_done += run_complete(path, &why);
        }
    return 0;
}

static bool has_invalid(const char *run_folder)
{
    char path[PATH_MAX];
    const json_t *claim;
    size_t k;
    bool has = false;
    if ((size_t)snprintf(path, sizeof path, "%s/run.json", run_folder) >= sizeof path)
        return false;
    json_t *root = json_load_file(path, 0, NULL);
    json_array_foreach(json_object_get(root, "claims"), k, claim)
    {
        const char *level = json_string_value(json_object_get(claim, "level"));
        has |= level && claim_level_find(level) == CLAIM_INVALID;
    }
    json_decref(root);
    return has;
}

int campaign_course_count_invalid(const struct campaign_course *x, size_t *n, struct err *e)
{
    *n = 0;
    for (size_t i = 0; i < x->c->n_pairs; i++)
        for (int is_b = 0; is_b < campaign_runs_per_pair(x->c); is_b++) {
            char path[PATH_MAX];
            if (run_path(x, &x->c->pairs[i], is_b, path, e))
                return -1;
            *n += has_invalid(path);
        }
    return 0;
}

int campaign_course_init(struct campaign_course *x, struct err *e)
{
    x->time = (struct campaign_time){ .gap_ns = x->o->gap_ns, .n_runs = campaign_time_runs(x->c) };
    if (find_lengths(x, e) || (*x->folder && count_done(x, e)))
        return -1;
    return x->time.n_done < x->time.n_runs
               ? bill_check(&x->bill, "the campaign", campaign_time_ahead(&x->time, x->c),
                            clock_realtime_ns(), e)
               : 0;
}
