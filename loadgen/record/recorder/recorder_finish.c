#include "recorder.h"

#include "claims.h"
#include "dns_log.h"
#include "exit_code.h"
#include "plan.h"
#include "recorder_derived.h"
#include "recorder_outputs.h"
#include "recorder_state.h"
#include "recorder_summary.h"
#include "recorder_watch.h"
#include "remote_rows.h"
#include "run_json_write.h"
#include "shard_facts.h"
#include "stats_query.h"
#include "summary.h"
#include "thresholds.h"
#include "units.h"
#include "verdict.h"

#include <inttypes.h>

/* The last line of defence: results that miss the times of some requests are none. */
static void check_whole(struct recorder *r)
{
    const struct plan *plan = r->params.plan;
    for (size_t s = 0; s < plan->n_streams; s++) {
        struct err e;
        const uint64_t n = stats_missing(r->run, plan, s);
        if (n == 0)
            continue;
        err_set(&e, ERR_FAILED, "%" PRIu64 " times of the stream '%s' were not recorded", n,
                plan->streams[s].name);
        run_folder_note(&r->folder, &e);
    }
}

static void write_rest(struct recorder *r, uint64_t end_ns)
{
    for (struct second *second; (second = seconds_take(&r->seconds, end_ns)) != NULL;) {
        const uint64_t start_ns = r->t0_monotonic_ns + second->index * NS_PER_S;
        const uint64_t left_ns = end_ns > start_ns ? end_ns - start_ns : 1;
        recorder_write_second(r, second, left_ns < NS_PER_S ? left_ns : NS_PER_S);
    }
}

static int judge(struct recorder *r, const struct recorder_ending *ending, struct verdict *verdict,
                 struct err *e)
{
    struct rule_input *in = &r->rule_input;
    const struct recorder_params *p = &r->params;
    const struct threshold_data data = {
        .plan = p->plan, .phases = p->phases, .stats = r->run, .end_ns = ending->end_ns, .scratch = r->scratch
    };
    in->run = r->run;
    in->remotes = &r->remotes;
    in->instances = &r->instances;
    in->dns = p->dns;
    in->duration_ns = ending->end_ns > r->t0_monotonic_ns ? ending->end_ns - r->t0_monotonic_ns : 0;
    in->is_whole = ending->end != RECORDER_FAILED;
    if (p->shard) {
        in->start_late_ms = p->shard->start_late_us / 1e3;
        in->clock_drift_ms = p->shard->clock_drift_us / 1e3;
    }
    host_facts_clocksource("", in->clocksource_end);
    host_allowances_read(&in->allowances_end);
    if (verdict_apply_rules(in, verdict, e))
        return -1;
    return p->judges_nothing ? thresholds_leave_open(p->plan, verdict, e)
                             : thresholds_judge(&data, verdict, e);
}

/* `derived` is NULL when memory was short, which is noted already. */
static void write_final_files(struct recorder *r, const struct recorder_derived *derived)
{
    char path[PATH_MAX];
    struct err e;
    const struct recorder_params *p = &r->params;
    if (!run_folder_is_kept(&r->folder))
        return;
    if (dns_log_write(p->dns, run_folder_file(&r->folder, "dns.csv", path), r->t0_monotonic_ns, &e))
        run_folder_note(&r->folder, &e);
    if (remote_rows_write(run_folder_file(&r->folder, "remotes.csv", path), p->plan, r->run, &r->remotes,
                          r->scratch[0], &e))
        run_folder_note(&r->folder, &e);
    if (derived && derived_write(&derived->run, r->folder.path, &e))
        run_folder_note(&r->folder, &e);
    run_folder_close(&r->folder);
}

/* A run that lost part of its results has failed, however its load ended. */
static void settle(const struct recorder *r, struct recorder_ending *ending)
{
    if (r->folder.failure.kind != ERR_NONE)
        ending->end = RECORDER_FAILED;
}

/* What can be quoted of the run, now that it is known how it ended. */
static void judge_claims(struct recorder *r, struct recorder_ending *ending, struct verdict *verdict,
                         struct recorder_derived *derived)
{
    struct err e;
    settle(r, ending);
    if (!derived)
        return;
    derived->run.end = run_json_end(ending->end);
    claims_free(verdict->claims);
    verdict->claims = claims_new(&derived->run, &e);
    if (verdict->claims)
        return;
    run_folder_note(&r->folder, &e);
    settle(r, ending);
}

/* Comes last, because it says whether everything else was written. */
static void write_run_json(struct recorder *r, struct recorder_ending *ending, struct verdict *verdict,
                           struct recorder_derived *derived)
{
    struct err e;
    judge_claims(r, ending, verdict, derived);
    if (run_json_write(r, ending, verdict, &e))
        run_folder_note(&r->folder, &e);
    run_folder_point_latest(&r->folder);
    if (r->folder.failure.kind != ERR_NONE)
        judge_claims(r, ending, verdict, derived);
}

static void print_summary(struct recorder *r, const struct recorder_ending *ending,
                          const struct verdict *verdict, const struct recorder_derived *derived)
{
    if (!derived || recorder_summary(r, ending, verdict, &derived->run, summary_print, stdout))
        fputs("loadgen: out of memory for the summary\n", stderr);
    fflush(stdout);
}

/* The reason for an exit code that nothing else explains. */
static void print_thresholds(const struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->n_thresholds; i++) {
        const struct threshold_result *t = &verdict->thresholds[i];
        char was[UNITS_TEXT_BYTES];
        if (t->held != THRESHOLD_HELD)
            fprintf(stderr, "loadgen: threshold %s: %s; %s\n", threshold_held_words(t->held), t->text,
                    threshold_was_text(t, was));
    }
}

/* Without a single success, whatever was measured was not the service. */
static struct stats_counts measured(const struct recorder *r)
{
    const struct stats_scope scope = { .plan = r->params.plan, .streams = UINT64_MAX };
    struct stats_counts ends;
    stats_count(r->run, &scope, &ends);
    return ends;
}

/* By the first, where no file lists them. */
static void explain_by_cause(const struct stats *run, struct err *e)
{
    const struct stats_cause *first = run->n_causes > 0 ? &run->causes[0] : NULL;
    if (!first)
        err_set(e, ERR_FAILED, "no request succeeded");
    else if (first->status > 0)
        err_set(e, ERR_FAILED, "no request succeeded: %.900s (%u)", first->cause, first->status);
    else
        err_set(e, ERR_FAILED, "no request succeeded: %.900s", first->cause);
}

static void explain_failure(const struct recorder *r, enum recorder_end end, struct err *e)
{
    const struct stats_counts ends = measured(r);
    if (end == RECORDER_FAILED)
        err_set(e, ERR_FAILED, "the run ended early");
    else if (ends.n_done + ends.n_censored == 0)
        err_set(e, ERR_FAILED, "no request was due outside of warm-up; nothing was measured");
    else if (run_folder_is_kept(&r->folder))
        err_set(e, ERR_FAILED, "no request succeeded; %.900s/errors.csv says why", r->folder.path);
    else
        explain_by_cause(r->run, e);
}

/* The level of what the i-th threshold of this run rests on is invalid. */
static bool is_invalid(const struct recorder *r, const struct verdict *verdict, size_t i)
{
    const bool is_met = i < verdict->n_thresholds && verdict->thresholds[i].held == THRESHOLD_HELD;
    const struct claim *claim = claims_threshold(verdict->claims, &r->params.plan->thresholds[i], is_met);
    return claim && claim->level == CLAIM_INVALID;
}

static bool breaks_strict(const struct recorder *r, const struct verdict *verdict)
{
    return r->params.is_strict && claims_worst(verdict->claims) == CLAIM_INVALID;
}

/* Whether anything that was asked for rests on a number that may be loadgen's own doing. */
static bool rests_on_invalid(const struct recorder *r, const struct verdict *verdict)
{
    const struct plan *plan = r->params.plan;
    if (!verdict->claims || breaks_strict(r, verdict))
        return true;
    for (size_t i = 0; i < plan->n_thresholds && !r->params.allows_missed; i++)
        if (is_invalid(r, verdict, i))
            return true;
    return false;
}

/* Only this explains why the run ends with 4. */
static void explain_invalid(const struct recorder *r, const struct verdict *verdict)
{
    const struct plan *plan = r->params.plan;
    if (!verdict->claims || r->params.allows_missed)
        return;
    for (size_t i = 0; i < plan->n_thresholds; i++)
        if (is_invalid(r, verdict, i))
            fprintf(stderr, "loadgen: threshold %s rests on a number that may be loadgen's own doing\n",
                    plan->thresholds[i].text);
    if (breaks_strict(r, verdict))
        fputs("loadgen: --strict: numbers marked ! may be loadgen's own doing\n", stderr);
}

static int exit_code(const struct recorder *r, enum recorder_end end, const struct verdict *verdict)
{
    if (end == RECORDER_INTERRUPTED)
        return EXIT_CODE_INTERRUPTED;
    if (end == RECORDER_FAILED)
        return EXIT_CODE_FAILED;
    if (r->params.judges_nothing)
        return EXIT_CODE_DONE;
    if (measured(r).n_ok == 0)
        return EXIT_CODE_FAILED;
    if (rests_on_invalid(r, verdict))
        return EXIT_CODE_INVALID;
    if ((verdict->n_missed > 0 && !r->params.allows_missed) || end == RECORDER_ABORTED)
        return EXIT_CODE_THRESHOLD;
    return EXIT_CODE_DONE;
}

int recorder_finish(struct recorder *r, enum recorder_end end, uint64_t end_ns, struct err *e)
{
    struct recorder_ending ending = { .end = end, .end_ns = end_ns };
    struct verdict verdict = { 0 };
    struct err failure;
    write_rest(r, end_ns);
    check_whole(r);
    run_folder_end(&r->folder);
    progress_end(&r->progress.display);
    if (r->log && request_log_finish(r->log, &r->log_counts, &failure))
        run_folder_note(&r->folder, &failure);
    settle(r, &ending);
    if (judge(r, &ending, &verdict, &failure))
        run_folder_note(&r->folder, &failure);
    struct recorder_derived *derived = recorder_derived_new(r, &ending, &verdict, &failure);
    if (!derived)
        run_folder_note(&r->folder, &failure);
    write_final_files(r, derived);
    write_run_json(r, &ending, &verdict, derived);
    recorder_watch_end(r, &ending, &verdict);
    if (!r->params.is_quiet)
        print_summary(r, &ending, &verdict, derived);
    else if (!r->params.allows_missed && !r->params.judges_nothing)
        print_thresholds(&verdict);
    if (derived && recorder_outputs_write(r, &ending, &verdict, &derived->run, &failure))
        run_folder_note(&r->folder, &failure);
    recorder_derived_free(derived);
    const int code = exit_code(r, ending.end, &verdict);
    if (code == EXIT_CODE_INVALID)
        explain_invalid(r, &verdict);
    verdict_fini(&verdict);
    if (r->folder.failure.kind != ERR_NONE) {
        if (r->is_failure_printed)
            return err_set(e, ERR_FAILED, "a part of the results in %s is lost: %.900s", r->folder.path,
                           r->folder.failure.text);
        *e = r->folder.failure;
        return -1;
    }
    if (code == EXIT_CODE_FAILED)
        explain_failure(r, ending.end, e);
    return code;
}
