/* The plan of `loadgen run`, `plan`, `sweep` and `campaign`: of a scenario, or of a URL. */
#include "err.h"
#include "feed_use.h"
#include "input_files.h"
#include "loadgen_commands.h"
#include "plan.h"
#include "quick.h"
#include "run_options.h"
#include "scenario.h"
#include "url_given.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* With a file, an option of quick mode has no stream to belong to. */
static int refuse_quick_options(const struct run_options *o, struct err *e)
{
    for (size_t i = 0; i < OPTIONS_ROWS_MOST; i++)
        if (o->result.given[i] && run_options_is_for_url(o->parsed, i))
            return err_set(e, ERR_INPUT,
                           "--%s belongs to quick mode, but there is a scenario, %.64s: set it in the "
                           "scenario, or leave one of the two out",
                           options_row(o->parsed, i)->name, o->scenario);
    return 0;
}

/* Of k6, wrk, Locust, JMeter or Gatling. */
static bool is_script(const char *word)
{
    static const char *const endings[] = { ".js", ".ts", ".lua", ".py", ".jmx", ".scala", ".java" };
    const char *ending = strrchr(word, '.');
    for (size_t i = 0; ending && i < sizeof endings / sizeof *endings; i++)
        if (strcmp(ending, endings[i]) == 0)
            return true;
    return false;
}

static int find_scenario(struct input_files *in, const char *word, char path[static PATH_MAX], struct err *e)
{
    struct err why;
    if (is_script(word))
        return err_set(e, ERR_INPUT,
                       "'%.200s' is a script, and loadgen runs none: a scenario is a YAML file, see "
                       "loadgen-scenario(5)",
                       word);
    if (run_options_find_scenario(in, word, path, &why) == 0)
        return 0;
    return err_set(e, why.kind, "%.1500s; a URL begins with http://", why.text);
}

static int load_scenario(struct plan *out, const struct run_options *o, const char *path, const char *url,
                         struct err *e)
{
    const struct scenario_overrides overrides = {
        .target_url = url,
        .deployment_file = o->deployment_file,
        .only = o->only,
        .timeout_ns = o->timeout_ns,
        .n_threads = (uint32_t)o->n_threads,
        .has_seed = o->has_seed,
        .seed = o->seed,
        .may_lack_deployment = o->command == &plan_command && !o->check,
        .target = o->target,
        .inputs = o->inputs,
    };
    return scenario_load(out, path, &overrides, e) || quick_add_thresholds(out, &o->thresholds, e) ? -1 : 0;
}

static int plan_from_scenario(struct plan *out, const struct run_options *o, struct err *e)
{
    char path[PATH_MAX];
    if (refuse_quick_options(o, e) || find_scenario(o->inputs, o->scenario, path, e))
        return -1;
    char *url = o->target_url ? url_given_whole(o->target_url) : NULL;
    const int status = url || !o->target_url ? load_scenario(out, o, path, url, e) : plan_out_of_memory(e);
    free(url);
    return status;
}

static int make_plan(struct plan *out, const struct run_options *o, struct err *e)
{
    *out = (struct plan){ 0 };
    if (o->target_url && o->deployment_file)
        return err_set(e, ERR_INPUT, "--target and --deployment exclude each other");
    if (o->scenario)
        return plan_from_scenario(out, o, e);
    if (!o->target_url && o->n_arms == 0)
        return err_set(e, ERR_INPUT,
                       "give a URL or a scenario: `loadgen http://127.0.0.1:8080/`, `loadgen run tp1`");
    if (o->only && o->n_arms == 0)
        return err_set(e, ERR_INPUT, "--only needs a scenario");
    return quick_plan(out, o, e);
}

/* What a share cannot do alone. */
static int check_share(const struct plan *plan, const struct run_options *o, struct err *e)
{
    if (o->on_generator)
        return err_set(
            e, ERR_INPUT,
            "--shard and --on-generator exclude each other: start `loadgen run --shard I/N` on each "
            "generator");
    if (o->no_results)
        return err_set(e, ERR_INPUT,
                       "--shard and --no-results exclude each other: shares are put together from their "
                       "folders");
    if (plan->seed_is_drawn && plan->share.count > 1)
        return err_set(e, ERR_INPUT,
                       "--shard %.40s needs the same --seed on every generator; give one, or `seed:` in the "
                       "scenario",
                       o->shard);
    for (size_t i = 0; i < plan->n_thresholds; i++)
        if (plan->thresholds[i].aborts && plan->share.count > 1)
            return err_set(
                e, ERR_INPUT,
                "threshold '%s' with abort needs all generators: use loadgen-fleet, or leave abort "
                "away",
                plan->thresholds[i].text);
    return 0;
}

/* The files of TLS are read when the run begins; now they are kept for it. */
static int use_tls_inputs(struct plan_tls *tls, struct input_files *in, struct err *e)
{
    enum { TLS_BYTES_MOST = 16 * 1024 * 1024 };
    const char *const files[] = { tls->ca_file, tls->cert_file, tls->key_file };
    tls->inputs = in;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i] && input_files_keep(in, files[i], TLS_BYTES_MOST, e))
            return -1;
    return 0;
}

static int use_inputs(struct plan *plan, struct input_files *in, struct err *e)
{
    if (!in)
        return 0;
    int status = use_tls_inputs(&plan->target.tls_options, in, e);
    for (size_t i = 0; i < plan->n_streams && status == 0; i++)
        if (plan->streams[i].target)
            status = use_tls_inputs(&plan->streams[i].target->tls_options, in, e);
    return status;
}

int plan_from_options(struct plan *out, const struct run_options *o, struct err *e)
{
    const int status = make_plan(out, o, e) || use_inputs(out, o->inputs, e) ? -1 : 0;
    out->deployment.is_copied_whole = o->whole_deployment;
    out->share = o->share;
    return status || (o->shard && (check_share(out, o, e) || feed_use_check_lent(out, e))) ? -1 : 0;
}
