#include "bill.h"
#include "err.h"
#include "exit_code.h"
#include "generator_run.h"
#include "given_words.h"
#include "loadgen_commands.h"
#include "plan.h"
#include "request_log.h"
#include "run_member.h"
#include "run_once.h"
#include "run_options.h"
#include "run_outputs.h"
#include "run_share.h"
#include "run_watch.h"
#include "stop.h"
#include "term.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

/* --out, or "" for a new folder in results/. */
static int choose_folder(const struct run_options *o, char folder[static PATH_MAX], struct err *e)
{
    if (o->no_results && o->out_folder)
        return err_set(e, ERR_INPUT,
                       "--no-results and --out exclude each other: a run that keeps nothing has no folder");
    if (o->no_results && o->log != REQUEST_LOG_NONE)
        return err_set(e, ERR_INPUT,
                       "--no-results and --log-requests exclude each other: requests.csv is a result");
    if (o->out_folder && (size_t)snprintf(folder, PATH_MAX, "%s", o->out_folder) >= PATH_MAX)
        return err_set(e, ERR_INPUT, "the path given with --out is too long");
    return o->out_folder && !*folder ? err_set(e, ERR_INPUT, "the path given with --out is empty") : 0;
}

/* The cause of a failure on the generator was printed there. */
static void report_bill(const struct plan *plan, bool on_generator, int code, struct err *e)
{
    struct bill bill;
    bill_init(&bill, plan);
    if (code < 0 || (code == EXIT_CODE_FAILED && !on_generator))
        bill_add(&bill, e);
    else if (code == EXIT_CODE_FAILED || code == EXIT_CODE_INTERRUPTED)
        bill_print(&bill, stderr);
}

int cmd_run_given(struct run_options *o, struct err *e)
{
    char folder[PATH_MAX] = "";
    struct given_words given = { 0 };
    struct plan plan = { 0 };
    int code = -1;
    if (plan_from_options(&plan, o, e) == 0 && choose_folder(o, folder, e) == 0 &&
        given_words_init(&given, o->parsed, o, &o->result, e) == 0 && run_outputs_check(o, e) == 0 &&
        run_watch_open(o, e) == 0)
        code = o->on_generator ? generator_run(o, &plan, e) : run_once(o, given.words, &plan, folder, e);
    if (code >= 0 && !o->on_generator && o->quiet && !o->no_results && !run_outputs_use_stdout(o)) {
        term_name(stdout, folder);
        putchar('\n');
    }
    report_bill(&plan, o->on_generator, code, e);
    run_watch_close(o);
    given_words_fini(&given);
    plan_fini(&plan);
    return code == EXIT_CODE_FAILED && !o->on_generator ? -1 : code; /* main prints why; the generator has */
}

int cmd_run_follow(const struct run_options *begin, const struct run_recipe *recipe, struct err *e)
{
    char folder[PATH_MAX] = "";
    struct run_options o = { .inputs = begin->inputs };
    struct given_words given = { 0 };
    struct plan plan = { 0 };
    int code = -1;
    if (run_options_parse(&o, begin->parsed, (int)recipe->n_words, recipe->words, e) == 0) {
        o.has_seed = true;
        o.seed = begin->seed;
        o.maker = begin->maker;
        if (plan_from_options(&plan, &o, e) == 0 && given_words_init(&given, o.parsed, &o, &o.result, e) == 0)
            code = run_once(&o, given.words, &plan, folder, e);
    }
    given_words_fini(&given);
    plan_fini(&plan);
    run_options_fini(&o);
    return code;
}

int cmd_run(int argc, char *const argv[], struct err *e)
{
    struct run_options o = { 0 };
    int code = -1;
    stop_catch();
    if (run_options_parse(&o, &run_command, argc, argv, e) == 0) {
        run_share_warn_of_copies(&o);
        code = cmd_run_given(&o, e);
    }
    run_options_fini(&o);
    return code;
}
