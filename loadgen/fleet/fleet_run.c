#include "fleet_run.h"

#include "clock.h"
#include "collect.h"
#include "err.h"
#include "exit_code.h"
#include "fleet.h"
#include "fleet_options.h"
#include "fleet_order.h"
#include "fleet_result.h"
#include "given_words.h"
#include "part.h"
#include "plan.h"
#include "results_folder.h"
#include "run_options.h"
#include "share_folder.h"
#include "wire.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct err no_failure = { ERR_NONE, "" };

static int take_part(struct fleet *f, const struct run_options *o, char *const argv[], struct plan *plan,
                     const char *shares, bool *has_run, struct err *e)
{
    struct part part = { .fleet = f, .options = o, .argv = argv, .plan = plan };
    struct err failure = no_failure;
    share_folder_of(shares, f->wire->rank, part.folder);
    share_folder_make(shares, &failure);
    return part_take(&part, &failure, has_run, e);
}

/* --- rank 0 --- */

static int reserve_folder(const struct run_options *o, const struct plan *plan, char folder[static PATH_MAX],
                          struct err *e)
{
    (void)o;
    return *folder ? results_folder_make(folder, e)
                   : results_folder_make_new(plan->name, clock_realtime_ns(), folder, PATH_MAX, e);
}

static void hold(void *payload)
{
    collect_hold(payload);
}

/* The exit code of the whole. An interrupted run that is whole is no worse than that. */
static int code_of(const struct fleet *f, int own_code, int result_code)
{
    const bool is_interrupted = own_code == EXIT_CODE_INTERRUPTED && f->is_whole;
    return is_interrupted && result_code >= 0 ? EXIT_CODE_INTERRUPTED : result_code;
}

/* `folder`, which was reserved, becomes the result. */
static int conclude(const struct fleet_run *run, const struct run_options *o, const char *shares,
                    const char *folder, int own_code, struct err *e)
{
    struct fleet *f = run->fleet;
    const struct fleet_result result = { .options = o,
                                         .shares = shares,
                                         .n_shares = f->wire->n_ranks,
                                         .allow_missing = run->allow_missing,
                                         .folder = folder,
                                         .turn = hold,
                                         .payload = f };
    int code = collect_shares(f, shares, e);
    rmdir(folder);
    if (code == 0)
        code = fleet_result_make(&result, e);
    const bool keeps = code < 0 || !f->is_whole;
    collect_release(f, shares, keeps);
    if (code >= 0 && fleet_result_show(&result, e))
        code = -1;
    if (keeps)
        fleet_result_print_remedy(&result);
    return code_of(f, own_code, code);
}

static int make(void *payload, const struct run_options *o, char *const argv[], const struct plan *plan,
                char folder[static PATH_MAX], struct err *e)
{
    const struct fleet_run *run = payload;
    char shares[PATH_MAX];
    bool has_run = false;
    struct plan own = *plan;
    if (share_folder_name(run->local, plan->name, shares, e) || reserve_folder(o, plan, folder, e))
        return -1;
    const struct fleet_order order = { .kind = FLEET_ORDER_RUN,
                                       .words = (char **)run->words,
                                       .n_words = run->n_words,
                                       .seed = plan->seed,
                                       .folder = shares };
    int code = fleet_order_give(run->fleet, &order, e);
    if (code == 0)
        code = take_part(run->fleet, o, argv, &own, shares, &has_run, e);
    if (has_run && code < 0)
        fprintf(stderr, "loadgen-fleet: %s\n", e->text);
    if (has_run)
        return conclude(run, o, shares, folder, code, e);
    rmdir(folder);
    share_folder_remove(shares, 0);
    return -1;
}

struct run_maker fleet_run_maker(struct fleet_run *run)
{
    return (struct run_maker){ run, make };
}

/* --- the others --- */

void fleet_run_follow(struct fleet *f, const struct fleet_order *order)
{
    struct fleet_options o;
    struct given_words given = { 0 };
    struct plan plan = { 0 };
    struct err e = no_failure;
    bool has_run = false;
    int code = -1;
    if (fleet_options_parse(&o, &fleet_run_command, (int)order->n_words, order->words, &e) == 0) {
        o.run.has_seed = true;
        o.run.seed = order->seed;
        if (plan_from_options(&plan, &o.run, &e) == 0)
            given_words_init(&given, &fleet_run_command, &o, &o.run.result, &e);
    }
    if (e.kind == ERR_NONE)
        code = take_part(f, &o.run, given.words, &plan, order->folder, &has_run, &e);
    if (has_run)
        collect_follow(f, order->folder, code < 0 ? &e : &no_failure);
    else
        share_folder_remove(order->folder, f->wire->rank);
    given_words_fini(&given);
    plan_fini(&plan);
    run_options_fini(&o.run);
}
