#include "fleet_run.h"

#include "clock.h"
#include "collect.h"
#include "err.h"
#include "exit_code.h"
#include "fleet.h"
#include "fleet_follow.h"
#include "fleet_order.h"
#include "fleet_result.h"
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
    const struct part part = { .fleet = f, .options = o, .argv = argv, .plan = plan, .shares = shares };
    struct err failure = no_failure;
    share_folder_make(shares, &failure);
    return part_take(&part, &failure, has_run, e);
}

/* --- rank 0 --- */

static int reserve_folder(const struct plan *plan, char folder[static PATH_MAX], struct err *e)
{
    return *folder ? results_folder_make(folder, e)
                   : results_folder_make_new(plan->name, clock_realtime_ns(), folder, PATH_MAX, e);
}

static void hold(void *payload)
{
    collect_hold(payload);
}

/* The exit code of the whole. An interrupted run that is whole is no worse than that. */
static int code_of(const struct fleet_result *r, const struct fleet *f, int own_code, int result_code,
                   struct err *e)
{
    if (result_code < 0)
        return -1;
    if (own_code == EXIT_CODE_INTERRUPTED && f->is_whole)
        return EXIT_CODE_INTERRUPTED;
    return fleet_result_check(r, e) ? EXIT_CODE_FAILED : result_code;
}

static int merge_and_show(const struct fleet_result *r, const struct fleet *f, int own_code, struct err *e)
{
    const int code = code_of(r, f, own_code, fleet_result_make(r, e), e);
    struct err unshown;
    if (code < 0 || fleet_result_show(r, &unshown) == 0)
        return code;
    *e = unshown;
    return -1;
}

/* `folder`, which was reserved, becomes the result. */
static int conclude(struct fleet *f, const struct run_options *o, const char *shares,
                    char folder[static PATH_MAX], int own_code, struct err *e)
{
    const struct fleet_result result = { .options = o,
                                         .shares = shares,
                                         .n_shares = f->wire->n_ranks,
                                         .allow_missing = (uint32_t)o->allow_missing,
                                         .folder = folder,
                                         .turn = hold,
                                         .payload = f };
    if (own_code == EXIT_CODE_INTERRUPTED) /* the launcher may kill this process before they are merged */
        fprintf(stderr, "loadgen-fleet: stopped; the shares are in %s until they are merged\n", shares);
    rmdir(folder);
    const int code = collect_shares(f, shares, e) ? -1 : merge_and_show(&result, f, own_code, e);
    const bool keeps = code < 0 || !f->is_whole;
    collect_release(f, shares, keeps);
    if (keeps)
        fleet_result_print_remedy(&result);
    return code;
}

/* A command that makes several runs ends with the one in which a rank is lost. */
static int check_whole(const struct fleet *f, struct err *e)
{
    char name[FLEET_NAME_BYTES];
    uint32_t rank = 0;
    while (rank < f->wire->n_ranks && !f->is_lost[rank])
        rank++;
    if (f->is_whole || rank == f->wire->n_ranks)
        return 0;
    return err_set(e, ERR_FAILED, "host %s was lost in the last run, so no more are made",
                   fleet_name(f, rank, name));
}

static int make(void *payload, const struct run_options *o, char *const argv[], const struct plan *plan,
                char folder[static PATH_MAX], struct err *e)
{
    struct fleet *f = payload;
    char shares[PATH_MAX];
    bool has_run = false;
    struct plan own = *plan;
    if (check_whole(f, e) || share_folder_name(o->local, plan->name, shares, e) ||
        reserve_folder(plan, folder, e))
        return -1;
    const struct fleet_order order = { .kind = FLEET_ORDER_RUN,
                                       .command = (char *)o->parsed->name,
                                       .inputs = { .words = (char **)o->recipe->words,
                                                   .n_words = o->recipe->n_words },
                                       .step = (json_t *)o->recipe->step,
                                       .seed = plan->seed,
                                       .folder = shares };
    int code = fleet_order_give(f, &order, e);
    if (code == 0)
        code = take_part(f, o, argv, &own, shares, &has_run, e);
    if (has_run && code < 0)
        fprintf(stderr, "loadgen-fleet: %s\n", e->text);
    if (has_run)
        return conclude(f, o, shares, folder, code, e);
    rmdir(folder);
    share_folder_remove(shares, 0);
    return -1;
}

static void rest(void *payload, uint64_t ns)
{
    fleet_order_rest(payload, ns);
}

struct run_maker fleet_run_maker(struct fleet *f)
{
    return (struct run_maker){ .payload = f, .n_generators = f->wire->n_ranks, .make = make, .rest = rest };
}

/* --- the others --- */

struct following {
    struct fleet *fleet;
    const struct fleet_order *order;
    bool has_plan;
};

static int make_share(void *payload, const struct run_options *o, char *const argv[], const struct plan *plan,
                      char folder[static PATH_MAX], struct err *e)
{
    struct following *x = payload;
    struct plan own = *plan;
    bool has_run = false;
    (void)folder;
    x->has_plan = true;
    const int code = take_part(x->fleet, o, argv, &own, x->order->folder, &has_run, e);
    if (has_run)
        collect_follow(x->fleet, x->order->folder, code < 0 ? e : &no_failure);
    else
        share_folder_remove(x->order->folder, x->fleet->wire->rank);
    return code;
}

/* The others wait for the word of a rank that has no plan, too. */
static void decline(struct fleet *f, const struct err *why)
{
    struct plan none = { 0 };
    const struct part part = { .fleet = f, .plan = &none };
    bool has_run;
    struct err ignored;
    part_take(&part, why, &has_run, &ignored);
}

void fleet_run_follow(struct fleet *f, const struct fleet_order *order)
{
    struct following x = { .fleet = f, .order = order };
    const struct run_maker maker = { .payload = &x, .n_generators = f->wire->n_ranks, .make = make_share };
    const struct run_options begin = { .inputs = &f->files, .maker = &maker, .seed = order->seed };
    const struct run_recipe recipe = { .words = order->inputs.words,
                                       .n_words = order->inputs.n_words,
                                       .step = order->step };
    struct err e = no_failure;
    if (fleet_follow(order->command, &begin, &recipe, &e) < 0 && !x.has_plan)
        decline(f, &e);
}
