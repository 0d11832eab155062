#include "part.h"

#include "agreement.h"
#include "duties.h"
#include "err.h"
#include "feed_use.h"
#include "fleet.h"
#include "fleet_clock.h"
#include "fleet_live.h"
#include "loadgen_commands.h"
#include "plan.h"
#include "preflight.h"
#include "run_member.h"
#include "run_once.h"
#include "run_options.h"
#include "shard_facts.h"
#include "share_folder.h"
#include "units.h"
#include "wire.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Covers the way of rank 0's answer to all ranks, and making the threads. */
#define START_AHEAD_NS (NS_PER_S)

struct taking {
    const struct part *part;
    struct shard_facts shard;
    struct duties duties;
    struct engine *engine;           /* borrowed */
    enum recorder_end end;           /* how the run ended here */
    char (*names)[FLEET_NAME_BYTES]; /* rank 0's: [n_ranks], owned */
    const char **hosts;              /* these */
    char trouble[ERR_TEXT_BYTES];    /* of the recorder, once it has any */
    atomic_bool has_trouble;         /* and the live view does not know of it yet */
    bool is_over;                    /* the ranks agreed not to go on */
    bool has_started;                /* they agreed on all stages */
};

static int reach(struct taking *t, struct agreement *a, struct err *e)
{
    const int status = agreement_reach(t->part->fleet, a, e);
    t->is_over = status != 0;
    return status;
}

/* --- names --- */

static int name_hosts(struct taking *t, struct err *e)
{
    const struct fleet *f = t->part->fleet;
    if (f->wire->rank > 0)
        return 0;
    t->names = calloc(f->wire->n_ranks, sizeof *t->names);
    t->hosts = calloc(f->wire->n_ranks, sizeof *t->hosts);
    if (!t->names || !t->hosts)
        return err_set(e, ERR_FAILED, "out of memory for the fleet");
    for (uint32_t i = 0; i < f->wire->n_ranks; i++)
        t->hosts[i] = fleet_name(f, i, t->names[i]);
    return 0;
}

/* Rank 0 says which clocks are wrong, or were during the run; once for all runs of a command, as each result
 * has them. */
static void say_clocks(const struct taking *t)
{
    char said[FLEET_NAME_BYTES + FLEET_CLOCK_SAID_BYTES];
    struct fleet *f = t->part->fleet;
    bool has_said = false;
    for (uint32_t i = 0; f->wire->rank == 0 && !f->has_said_clocks && i < f->wire->n_ranks; i++)
        if (fleet_clock_say(&t->duties.clock, i, t->hosts[i], said, sizeof said)) {
            fprintf(stderr, "loadgen-fleet: warning: %s\n", said);
            has_said = true;
        }
    f->has_said_clocks |= has_said;
}

static void note_lost(const struct taking *t)
{
    struct fleet *f = t->part->fleet;
    if (t->duties.root_is_lost)
        fleet_lose_root(f);
    for (uint32_t i = 0; f->wire->rank == 0 && i < f->wire->n_ranks; i++)
        if (t->duties.is_lost[i])
            fleet_lose(f, i);
}

/* --- the run (run_member.h) --- */

/* Once is enough for all runs of a command. */
static json_t *warnings_of(const struct taking *t)
{
    struct fleet *f = t->part->fleet;
    json_t *out = f->has_warned ? NULL : preflight_warnings(t->part->plan);
    f->has_warned = true;
    return out;
}

static int on_ready(void *payload, struct engine *engine, struct err *e)
{
    struct taking *t = payload;
    const struct run_options *o = t->part->options;
    const struct part *part = t->part;
    /* After a run that was too much, such as a sweep's, the target may be slow to answer. */
    const struct engine *probed = part->fleet->has_warned ? NULL : engine;
    struct agreement a = { .own = { ERR_NONE, "" }, .warnings = warnings_of(t) };
    t->engine = engine;
    if (preflight_check(o, part->plan, part->shares, probed, &a.own) == 0 && name_hosts(t, &a.own) == 0)
        duties_init(&t->duties,
                    &(struct duties_params){ .wire = part->fleet->wire,
                                             .plan = part->plan,
                                             .engine = engine,
                                             .hosts = t->hosts,
                                             .progress = o->quiet ? RECORDER_PROGRESS_NONE
                                                                  : (enum recorder_progress)o->progress,
                                             .watch = o->watch,
                                             .keeps_going = o->keep_going },
                    &a.own);
    const int status = reach(t, &a, e);
    json_decref(a.warnings);
    return status;
}

static int on_start(void *payload, struct engine_start *at, struct err *e)
{
    struct taking *t = payload;
    const struct run_options *o = t->part->options;
    struct agreement a = { .own = { ERR_NONE, "" } };
    const struct wire_patience patience = fleet_patience();
    if (reach(t, &a, e))
        return -1;
    t->has_started = duties_start(&t->duties, o->start_at_ns, START_AHEAD_NS, &patience, at, e) == 0;
    t->is_over = !t->has_started;
    t->shard.start_at = o->start_at;
    t->shard.clock_offset_us = (double)t->duties.clock.first.wall_ahead_ns / 1e3;
    t->shard.clock_error_us = (double)t->duties.clock.first.error_ns / 1e3;
    return t->has_started ? 0 : -1;
}

/* On the collector's thread, at most once. */
static void on_failure(void *payload, const char *sentence)
{
    struct taking *t = payload;
    snprintf(t->trouble, sizeof t->trouble, "%s", sentence);
    atomic_store(&t->has_trouble, true);
}

static void on_attend(void *payload)
{
    struct taking *t = payload;
    if (atomic_exchange(&t->has_trouble, false))
        fleet_live_trouble(t->duties.live, t->trouble);
    duties_turn(&t->duties);
}

static void on_second(void *payload, uint64_t index, const struct stats *sum, uint64_t length_ns)
{
    struct taking *t = payload;
    duties_second(&t->duties, index, sum, length_ns);
}

static void on_ended(void *payload, enum recorder_end *end)
{
    struct taking *t = payload;
    duties_end(&t->duties, *end);
    t->end = *end;
    t->shard.clock_drift_us = (double)fleet_clock_drift_ns(&t->duties.clock) / 1e3;
    t->shard.start_late_us = (double)engine_start_late_ns(t->engine) / 1e3;
    note_lost(t);
    say_clocks(t);
}

static void on_finished(void *payload)
{
    struct taking *t = payload;
    duties_conclude(&t->duties, t->end);
}

static struct run_options options_of_share(const struct run_options *whole)
{
    struct run_options o = *whole;
    o.command = &run_command;
    o.maker = NULL;
    o.out_folder = NULL;
    o.no_results = false;
    return o;
}

static int run_share(struct taking *t, struct err *e)
{
    const struct part *part = t->part;
    const struct run_options o = options_of_share(part->options);
    const struct run_member member = {
        .payload = t,
        .shard = &t->shard,
        .is_gated = true,
        .is_silent = true,
        .ready = on_ready,
        .start = on_start,
        .attend = on_attend,
        .on_second = on_second,
        .on_failure = on_failure,
        .ended = on_ended,
        .finished = on_finished,
    };
    char folder[PATH_MAX];
    share_folder_of(part->shares, part->fleet->wire->rank, folder);
    return run_here(&o, part->argv, part->plan, &member, folder, e);
}

int part_take(const struct part *part, const struct err *failure, bool *has_run, struct err *e)
{
    const struct wire *w = part->fleet->wire;
    struct taking t = { .part = part, .shard = shard_facts_new(w->rank, w->n_ranks, "fleet") };
    int code = -1;
    *e = *failure;
    part->plan->share = (struct share){ .index = w->rank, .count = w->n_ranks };
    if (failure->kind == ERR_NONE && feed_use_check_lent(part->plan, e) == 0)
        code = run_share(&t, e);
    if (code < 0 && !t.has_started && !t.is_over) { /* the others wait for its word */
        struct agreement a = { .own = *e };
        reach(&t, &a, e);
    }
    *has_run = t.has_started;
    duties_fini(&t.duties);
    free(t.hosts);
    free(t.names);
    return code;
}
