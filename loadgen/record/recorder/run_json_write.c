#include "run_json_write.h"

#include "again_json.h"
#include "claims_json.h"
#include "clock.h"
#include "hist_rows.h"
#include "http2_json.h"
#include "json_out.h"
#include "json_tree.h"
#include "phase_clock.h"
#include "plan_json.h"
#include "recorder_state.h"
#include "round_trips.h"
#include "run_json_host.h"
#include "shard_facts.h"
#include "stats_query.h"
#include "threshold_json.h"
#include "verdict.h"
#include "version.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *run_json_end(enum recorder_end end)
{
    static const char *const names[] = {
        [RECORDER_DONE] = "done",     [RECORDER_INTERRUPTED] = "interrupted", [RECORDER_ABORTED] = "aborted",
        [RECORDER_FAILED] = "failed", [RECORDER_RUNNING] = "running",
    };
    return names[end];
}

static json_t *argv_json(const char *const *argv)
{
    json_t *list = json_array();
    for (; *argv; argv++)
        json_tree_append(&list, json_tree_text(*argv));
    return list;
}

/* A repeated option is an array. */
static void add_setting(json_t **settings, const struct recorder_setting *s)
{
    json_t *value = s->value ? json_tree_text(s->value) : json_null();
    json_t *known = json_object_get(*settings, s->name);
    if (known) {
        json_t *list = json_is_array(known) ? json_copy(known) : json_pack("[O]", known);
        json_tree_append(&list, value);
        value = list;
    }
    json_tree_set(settings, s->name, value);
}

static json_t *settings_json(const struct recorder_params *p)
{
    json_t *settings = json_object();
    for (size_t i = 0; i < p->n_settings; i++)
        add_setting(&settings, &p->settings[i]);
    return settings;
}

static json_t *inputs_json(const struct recorder_params *p)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->n_inputs; i++)
        json_tree_append(&list, json_pack("{s:s, s:o, s:o}", "what", p->inputs[i].what, "name",
                                          json_tree_text_or_null(p->inputs[i].name), "sha256",
                                          json_tree_text_or_null(p->inputs[i].sha256)));
    return list;
}

static json_t *versions_json(const struct build_library *row)
{
    json_t *versions = json_object();
    for (; row && row->name; row++)
        json_tree_set(&versions, row->name, json_tree_text(row->version));
    return versions;
}

/* Seconds from t0; null for what never happened. */
static json_t *since_t0(const struct recorder *r, uint64_t at_ns)
{
    if (at_ns == 0)
        return json_null();
    return json_real(at_ns > r->t0_monotonic_ns ? (double)(at_ns - r->t0_monotonic_ns) / 1e9 : 0.0);
}

/* The classes of errors by name; without `has_zeros`, those that occurred. */
static json_t *errors_json(const struct stats_counts *ends, bool has_zeros)
{
    json_t *errors = json_object();
    for (int o = OUTCOME_OK + 1; o < N_OUTCOMES; o++)
        if (has_zeros || ends->n_outcomes[o] > 0)
            json_tree_set(&errors, outcome_name((enum outcome)o), json_tree_count(ends->n_outcomes[o]));
    return errors;
}

/* What ended in each row of a session stream, in phase `k` or, if that is SIZE_MAX, in all. */
static json_t *rows_json(const struct recorder *r, size_t s, size_t k)
{
    const struct plan_stream *stream = &r->params.plan->streams[s];
    json_t *list = json_array();
    for (size_t i = 0; i < stream->n_rows; i++) {
        const struct stats_scope scope = {
            .plan = r->params.plan, .streams = UINT64_C(1) << s, .row = &stream->rows[i], .with_warmup = true
        };
        struct stats_counts ends;
        if (k == SIZE_MAX)
            stats_count(r->run, &scope, &ends);
        else
            stats_count_cell(r->run, plan_cell(stream, i, k), &ends);
        json_tree_append(&list,
                         json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "row", stream->rows[i].name, "done_n",
                                   json_tree_count(ends.n_done), "ok_n", json_tree_count(ends.n_ok),
                                   "ok_late_n", json_tree_count(ends.n_late), "censored_n",
                                   json_tree_count(ends.n_censored), "errors", errors_json(&ends, false)));
    }
    return list;
}

static json_t *sessions_json(const struct stats_sessions *sessions)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "due_n", json_tree_count(sessions->n_due), "begun_n",
                     json_tree_count(sessions->n_begun), "late_paces_n",
                     json_tree_count(sessions->n_late_paces), "renewed_n",
                     json_tree_count(sessions->n_renewed), "pool_full_n",
                     json_tree_count(sessions->n_pool_full), "cookies_dropped_n",
                     json_tree_count(sessions->n_cookies_dropped));
}

static json_t *phases_json(const struct recorder *r, uint64_t end_ns)
{
    const struct plan *plan = r->params.plan;
    json_t *list = json_array();
    for (size_t s = 0; s < plan->n_streams; s++)
        for (size_t k = 0; k < plan->streams[s].n_phases; k++) {
            const size_t index = plan->streams[s].first_phase_index + k;
            const struct phase_span span = phase_span(r->params.phases, index, end_ns);
            struct stats_counts ends;
            json_t *phase = plan_json_phase(&plan->streams[s], k);
            json_tree_set(&phase, "start_s", since_t0(r, span.start_ns));
            json_tree_set(&phase, "end_s", since_t0(r, span.end_ns));
            stats_count_phase(r->run, &plan->streams[s], k, &ends);
            json_tree_set(&phase, "done_n", json_tree_count(ends.n_done));
            json_tree_set(&phase, "ok_n", json_tree_count(ends.n_ok));
            json_tree_set(&phase, "ok_late_n", json_tree_count(ends.n_late));
            json_tree_set(&phase, "errors", errors_json(&ends, false));
            if (plan->streams[s].rows)
                json_tree_set(&phase, "rows", rows_json(r, s, k));
            json_tree_append(&list, phase);
        }
    return list;
}

static void set_ends(json_t **into, const struct stats_counts *ends)
{
    json_tree_set(into, "done_n", json_tree_count(ends->n_done));
    json_tree_set(into, "ok_n", json_tree_count(ends->n_ok));
    json_tree_set(into, "err_n", json_tree_count(ends->n_err));
    json_tree_set(into, "censored_n", json_tree_count(ends->n_censored));
    json_tree_set(into, "errors", errors_json(ends, true));
}

static json_t *statuses_json(const struct status_counts *counts)
{
    json_t *statuses = json_object();
    for (uint32_t i = 0; i < counts->n; i++) {
        char status[16];
        snprintf(status, sizeof status, "%u", counts->rows[i].status);
        json_tree_set(&statuses, status, json_tree_count(counts->rows[i].n));
    }
    return statuses;
}

static json_t *stream_totals_json(const struct recorder *r)
{
    const struct plan *plan = r->params.plan;
    json_t *list = json_array();
    for (size_t s = 0; s < plan->n_streams; s++) {
        const struct plan_stream *stream = &plan->streams[s];
        const struct stats_stream *sums = &r->run->streams[s];
        const struct stats_scope scope = { .plan = plan, .streams = UINT64_C(1) << s, .with_warmup = true };
        struct stats_counts ends;
        stats_count(r->run, &scope, &ends);
        json_t *row = json_pack("{s:s, s:s, s:o, s:o}", "stream", stream->name, "cluster", stream->cluster,
                                "intended_n",
                                plan_stream_has_due(stream) ? json_tree_count(sums->n_intended) : json_null(),
                                "sent_n", json_tree_count(sums->n_sent));
        json_tree_set(&row, "sent_again", again_json(&sums->again));
        set_ends(&row, &ends);
        json_tree_set(&row, "bytes_rx", json_tree_count(sums->bytes[false].rx));
        json_tree_set(&row, "bytes_tx", json_tree_count(sums->bytes[false].tx));
        json_tree_set(&row, "statuses", statuses_json(&sums->statuses));
        if (stream->rows)
            json_tree_set(&row, "rows", rows_json(r, s, SIZE_MAX));
        if (stream->session)
            json_tree_set(&row, "sessions", sessions_json(&sums->sessions));
        if (plan_is_http2(plan, stream))
            json_tree_set(&row, "http2", http2_json(&sums->http2));
        json_tree_append(&list, row);
    }
    return list;
}

static json_t *totals_json(const struct recorder *r)
{
    const struct plan *plan = r->params.plan;
    const struct stats_scope everything = { .plan = plan, .streams = UINT64_MAX, .with_warmup = true };
    uint64_t n_intended = 0, n_sent = 0;
    struct stats_bytes bytes = { 0 };
    struct again_counts again = { 0 };
    struct stats_counts ends;
    bool has_due = false;
    for (size_t s = 0; s < plan->n_streams; s++) {
        has_due |= plan_stream_has_due(&plan->streams[s]);
        const struct stats_stream *sums = &r->run->streams[s];
        n_intended += sums->n_intended;
        n_sent += sums->n_sent;
        again_counts_merge(&again, &sums->again);
        bytes.rx += sums->bytes[false].rx + sums->bytes[true].rx;
        bytes.tx += sums->bytes[false].tx + sums->bytes[true].tx;
    }
    stats_count(r->run, &everything, &ends);
    json_t *totals =
        json_pack("{s:o, s:o}", "intended_n", has_due ? json_tree_count(n_intended) : json_null(), "sent_n",
                  json_tree_count(n_sent));
    json_tree_set(&totals, "sent_again", again_json(&again));
    set_ends(&totals, &ends);
    json_tree_set(&totals, "bytes_rx", json_tree_count(bytes.rx));
    json_tree_set(&totals, "bytes_tx", json_tree_count(bytes.tx));
    return totals;
}

static int add_exact(void *payload, const char *tag, const struct hist *h, struct err *e)
{
    json_t **list = payload;
    (void)e;
    json_tree_append(list, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "tag", tag, "n", json_tree_count(h->n),
                                     "min_ns", json_tree_count(h->min_ns), "max_ns",
                                     json_tree_count(h->max_ns), "sum_ns", json_tree_count(h->sum_ns),
                                     "overflow_n", json_tree_count(h->n_overflow)));
    return *list ? 0 : -1;
}

static json_t *exact_json(const struct recorder *r)
{
    struct err e;
    json_t *list = json_array();
    hist_rows_walk(r->run, r->params.plan, &r->instances, add_exact, &list, &e);
    return list;
}

/* The generator on which --on-generator started this program; else null. */
static json_t *load_from_json(const struct plan_generator *g)
{
    char text[256];
    const char *id = getenv(PLAN_ON_GENERATOR_VARIABLE);
    if (!id || !*id)
        return json_null();
    const bool is_known = g->id && g->instance_type && g->zone && strcmp(g->id, id) == 0;
    snprintf(text, sizeof text, "generator %.64s%s%.64s%s%.64s", id, is_known ? ", " : "",
             is_known ? g->instance_type : "", is_known ? " in " : "", is_known ? g->zone : "");
    return json_tree_text(text);
}

/* How busy and how late this program was while something was measured. */
static json_t *generator_json(const struct recorder *r)
{
    const struct stats_scope measured = { .plan = r->params.plan, .streams = UINT64_MAX };
    const struct hist *lag = stats_values(r->run, &measured, METRIC_LAG, r->scratch[0]);
    const struct rule_input *in = &r->rule_input;
    const double wall_ns = (double)in->thread_ns / r->params.n_threads;
    json_t *generator = json_object();
    json_tree_set(&generator, "cpu_pct", json_tree_real(100.0 * (double)in->cpu_ns / wall_ns));
    json_tree_set(&generator, "lag_p99_us",
                  lag->n > 0 ? json_real((double)hist_value_at_ppm(lag, 990000) / 1e3) : json_null());
    return generator;
}

static json_t *round_trips_json(const struct round_trips *round_trips)
{
    json_t *list = json_array();
    for (size_t i = 0; round_trips && i < round_trips->n; i++) {
        const struct round_trip *r = &round_trips->list[i];
        json_tree_append(&list, json_pack("{s:o, s:i, s:s, s:i, s:f, s:f}", "host", json_tree_text(r->host),
                                          "port", (int)r->port, "address", r->address, "connects_n",
                                          (int)r->n_connects, "min_us", (double)r->min_ns / 1e3, "median_us",
                                          (double)r->median_ns / 1e3));
    }
    return list;
}

static void set_run(json_t **run, const struct recorder *r, const struct recorder_ending *ending)
{
    const struct recorder_params *p = &r->params;
    const char *slash = strrchr(r->folder.path, '/');
    char started[CLOCK_UTC_TEXT_BYTES];
    json_tree_set(run, "schema_version", json_integer(1));
    json_tree_set(run, "run_id", json_tree_text(slash ? slash + 1 : r->folder.path));
    json_tree_set(run, "name", json_tree_text(p->plan->name));
    json_tree_set(run, "tool", run_json_tool(p->build));
    json_tree_set(run, "argv", argv_json(p->argv));
    json_tree_set(run, "scenario",
                  json_pack("{s:o, s:o}", "file", json_tree_text_or_null(p->plan->scenario_file), "text",
                            json_tree_text_or_null(p->plan->scenario_text)));
    json_tree_set(run, "settings", settings_json(p));
    json_tree_set(run, "inputs", inputs_json(p));
    if (p->shard)
        json_tree_set(run, "shard", shard_facts_json(p->shard));
    json_tree_set(run, "seed", json_tree_count(p->plan->seed));
    json_tree_set(run, "threads", json_tree_count(p->n_threads));
    json_tree_set(run, "started_utc", json_string(clock_utc_text(r->t0_realtime_ns, started)));
    json_tree_set(run, "t0_realtime_ns", json_tree_count(r->t0_realtime_ns));
    json_tree_set(run, "t0_monotonic_ns", json_tree_count(r->t0_monotonic_ns));
    json_tree_set(run, "duration_s", since_t0(r, ending->end_ns));
    json_tree_set(run, "end", json_string(run_json_end(ending->end)));
    json_tree_set(run, "versions", versions_json(p->libraries));
    json_tree_set(run, "host", run_json_host(&r->host));
    json_tree_set(run, "load_from", load_from_json(&p->plan->deployment.generator));
    json_tree_set(run, "generator", generator_json(r));
    json_tree_set(run, "network", run_json_network(r->run, &r->remotes));
    json_tree_set(run, "round_trips", round_trips_json(p->round_trips));
    json_tree_set(run, "pacing", json_tree_text_or_null(p->pacing));
}

static json_t *checks_json(const struct verdict *verdict)
{
    json_t *list = json_array();
    for (size_t i = 0; i < verdict->n_checks; i++) {
        const struct check *c = &verdict->checks[i];
        json_tree_append(&list, json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:s, s:s}", "rule", c->rule,
                                          "scope", c->scope, "level", check_level_name(c->level), "value",
                                          json_tree_real(c->value), "warn", json_tree_real(c->warn),
                                          "invalid", json_tree_real(c->invalid), "unit", c->unit, "what",
                                          c->what, "advice", c->advice));
    }
    return list;
}

static json_t *thresholds_json(const struct verdict *verdict)
{
    json_t *list = json_array();
    for (size_t i = 0; i < verdict->n_thresholds; i++)
        json_tree_append(&list, threshold_json(&verdict->thresholds[i]));
    return list;
}

json_t *run_json_tree(const struct recorder *r, const struct recorder_ending *ending,
                      const struct verdict *verdict)
{
    json_t *run = json_object();
    set_run(&run, r, ending);
    plan_json_set(&run, r->params.plan, r->params.round_trips);
    json_tree_set(&run, "phases", phases_json(r, ending->end_ns));
    json_tree_set(&run, "totals", totals_json(r));
    json_tree_set(&run, "stream_totals", stream_totals_json(r));
    json_tree_set(&run, "exact", exact_json(r));
    if (r->log)
        json_tree_set(&run, "request_log",
                      json_pack("{s:o, s:o, s:o}", "rows_n", json_tree_count(r->log_counts.n_rows),
                                "dropped_n", json_tree_count(r->log_counts.n_dropped), "unwritten_n",
                                json_tree_count(r->log_counts.n_unwritten)));
    json_tree_set(&run, "checks", checks_json(verdict));
    json_tree_set(&run, "claims", claims_json(verdict->claims));
    json_tree_set(&run, "thresholds", thresholds_json(verdict));
    return run;
}

int run_json_write(const struct recorder *r, const struct recorder_ending *ending,
                   const struct verdict *verdict, struct err *e)
{
    char path[PATH_MAX];
    if (!run_folder_is_kept(&r->folder))
        return 0;
    json_t *run = run_json_tree(r, ending, verdict);
    run_folder_file(&r->folder, "run.json", path);
    /* During the run, an fsync on a busy disk would keep the collector from its next second. */
    const int status = ending->end == RECORDER_RUNNING ? json_out_file_unsynced(path, 0644, run, e)
                                                       : json_out_file(path, 0644, run, e);
    json_decref(run);
    return status;
}
