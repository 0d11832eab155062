#include "run_once.h"

#include "bill.h"
#include "build_facts.h"
#include "clock.h"
#include "dns_log.h"
#include "engine.h"
#include "err.h"
#include "files.h"
#include "libraries.h"
#include "plan.h"
#include "recorder.h"
#include "results_folder.h"
#include "run_inputs.h"
#include "run_member.h"
#include "run_options.h"
#include "run_outputs.h"
#include "run_share.h"
#include "settings_echo.h"
#include "stop.h"
#include "term.h"
#include "version.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct run_member alone = { 0 };

static int make_folder(const struct run_options *o, const struct plan *plan, char *folder, struct err *e)
{
    if (o->no_results)
        return 0;
    return *folder ? results_folder_make(folder, e)
                   : results_folder_make_new(plan->name, clock_realtime_ns(), folder, PATH_MAX, e);
}

/* For a second Ctrl-C. */
static void set_last_words(const char *folder, const struct plan *plan, char *out, size_t out_bytes)
{
    struct bill bill;
    FILE *f = fmemopen(out, out_bytes, "w");
    *out = '\0';
    if (!f)
        return;
    fputs("loadgen: ended at once; ", f);
    fputs(*folder ? "the results are not whole: " : "no results were kept", f);
    if (*folder)
        term_word(f, folder);
    putc('\n', f);
    bill_init(&bill, plan);
    bill_print(&bill, f);
    fclose(f);
    stop_last_words(out);
}

/* Runs to the end unless the member refuses to start, which leaves `*runs` false. */
static int run_to_end(struct engine *engine, struct recorder *recorder, const struct run_member *member,
                      bool *runs, struct err *e)
{
    struct engine_start at = { 0 };
    enum recorder_end end;
    uint64_t end_ns;
    struct err failure;
    *runs = !member->start || member->start(member->payload, &at, e) == 0;
    if (!*runs)
        return -1;
    const int status = engine_run(engine, recorder, at, &end, &end_ns, &failure);
    if (engine_stop_cause(engine))
        fprintf(stderr, "loadgen: the run ended early: %s\n", engine_stop_cause(engine));
    if (member->ended)
        member->ended(member->payload, &end);
    const int code = recorder_finish(recorder, end, end_ns, e);
    if (member->finished)
        member->finished(member->payload);
    if (status == 0)
        return code;
    *e = failure;
    return -1;
}

static struct recorder_outputs outputs_of(const struct run_options *o, const struct run_member *member)
{
    if (member->is_silent)
        return (struct recorder_outputs){ .json = false };
    return (struct recorder_outputs){ o->json, o->junit_file, o->markdown_file };
}

static int run_and_record(const struct run_options *o, char *const argv[], const struct plan *plan,
                          const struct run_member *member, const char *folder, struct engine *engine,
                          struct dns_log *dns, struct err *e)
{
    struct settings_echo echo;
    struct run_inputs inputs;
    struct build_library libraries[LIBRARIES_ROWS];
    struct err ignored;
    bool runs = false;
    settings_echo_init(&echo, o, plan);
    const bool is_ready = run_inputs_init(&inputs, o, plan, e) == 0 && !echo.is_short;
    const struct recorder_params params = {
        .plan = plan,
        .folder = o->no_results ? NULL : folder,
        .argv = (const char *const *)argv,
        .settings = echo.rows,
        .n_settings = echo.n,
        .inputs = inputs.rows,
        .n_inputs = inputs.n,
        .shard = member->shard,
        .judges_nothing = member->shard,
        .on_second = member->on_second,
        .on_second_payload = member->payload,
        .on_failure = member->on_failure,
        .on_failure_payload = member->payload,
        .n_threads = plan->n_threads,
        .instances = engine_instances(engine),
        .remotes = engine_remotes(engine),
        .phases = engine_phases(engine),
        .round_trips = engine_round_trips(engine),
        .dns = dns,
        .watch = member->is_silent ? NULL : o->watch,
        .pacing = engine_pacing(engine),
        .libraries = libraries_in_use(libraries),
        .build = &build_facts,
        .progress =
            o->quiet || member->is_silent ? RECORDER_PROGRESS_NONE : (enum recorder_progress)o->progress,
        .log_form = (enum request_log_form)o->log,
        .is_strict = o->strict,
        .allows_missed = o->allow_missed,
        .is_quiet = o->quiet || member->is_silent || run_outputs_use_stdout(o),
        .outputs = outputs_of(o, member),
        .keeps_going = o->keep_going || member->is_silent,
    };
    char last_words[4 * PATH_MAX];
    set_last_words(folder, plan, last_words, sizeof last_words);
    if (echo.is_short)
        err_set(e, ERR_FAILED, "out of memory while preparing to record");
    struct recorder *recorder = is_ready ? recorder_new(&params, e) : NULL;
    const int code = recorder ? run_to_end(engine, recorder, member, &runs, e) : -1;
    recorder_free(recorder);
    stop_last_words(NULL);
    if (!runs && !o->no_results)
        files_remove_tree(folder, &ignored);
    run_inputs_fini(&inputs);
    settings_echo_fini(&echo);
    return code;
}

int run_here(const struct run_options *o, char *const argv[], const struct plan *plan,
             const struct run_member *member, char folder[static PATH_MAX], struct err *e)
{
    struct dns_log dns;
    struct bill bill;
    int code = -1;

    bill_init(&bill, plan);
    if (bill_check(&bill, "the run", plan_length(plan), clock_realtime_ns(), e))
        return -1;
    if (!member)
        member = &alone;
    dns_log_init(&dns);
    const struct engine_params params = {
        .plan = plan,
        .dns = &dns,
        .stop = stop_flag(),
        .spin_ns = o->spin_ns,
        .pins = o->pin,
        .is_gated = member->is_gated,
        .attend = member->attend,
        .attend_payload = member->payload,
    };
    struct engine *engine = engine_new(&params, e);
    if (engine)
        engine_measure_round_trips(engine);
    if (engine && (!member->ready || member->ready(member->payload, engine, e) == 0) &&
        make_folder(o, plan, folder, e) == 0)
        code = run_and_record(o, argv, plan, member, folder, engine, &dns, e);
    engine_free(engine);
    dns_log_fini(&dns);
    return code;
}

int run_once(const struct run_options *o, char *const argv[], const struct plan *plan,
             char folder[static PATH_MAX], struct err *e)
{
    struct run_share share;
    if (o->maker)
        return o->maker->make(o->maker->payload, o, argv, plan, folder, e);
    if (!o->shard && !o->start_at)
        return run_here(o, argv, plan, NULL, folder, e);
    return run_share_init(&share, o, e) ? -1 : run_here(o, argv, plan, &share.member, folder, e);
}

void run_rest(const struct run_options *o, uint64_t ns)
{
    if (o->maker && o->maker->rest)
        o->maker->rest(o->maker->payload, ns);
    else
        stop_rest(ns);
}
