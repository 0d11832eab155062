#include "part.h"

#include "agreement.h"
#include "clock.h"
#include "err.h"
#include "fleet.h"
#include "json_tree.h"
#include "loadgen_commands.h"
#include "plan.h"
#include "run_member.h"
#include "run_once.h"
#include "run_options.h"
#include "shard_facts.h"
#include "units.h"
#include "wire.h"

#include <string.h>

/* Covers the way of rank 0's answer to all ranks, and making the threads. */
#define START_AHEAD_NS (NS_PER_S)

struct taking {
    const struct part *part;
    struct shard_facts shard;
    bool is_over;     /* the ranks agreed not to go on */
    bool has_started; /* they agreed on all stages */
};

static int reach(struct taking *t, struct agreement *a, struct err *e)
{
    const int status = agreement_reach(t->part->fleet, a, e);
    t->is_over = status != 0;
    return status;
}

static int on_ready(void *payload, struct engine *engine, struct err *e)
{
    struct taking *t = payload;
    struct agreement a = { .own = { ERR_NONE, "" } };
    (void)engine;
    return reach(t, &a, e);
}

static json_t *start_word(void)
{
    json_t *out = json_object();
    json_tree_set(&out, "t0_realtime_ns", json_tree_count(clock_realtime_ns() + START_AHEAD_NS));
    return out;
}

static int on_start(void *payload, struct engine_start *at, struct err *e)
{
    struct taking *t = payload;
    struct agreement a = { .own = { ERR_NONE, "" } };
    if (t->part->fleet->wire->rank == 0)
        a.word = start_word();
    const int status = reach(t, &a, e);
    if (status == 0) {
        at->realtime_ns = (uint64_t)json_integer_value(json_object_get(a.word, "t0_realtime_ns"));
        at->monotonic_ns = clock_monotonic_ns() + at->realtime_ns - clock_realtime_ns();
    }
    json_decref(a.word);
    t->has_started = status == 0;
    return status;
}

static void on_ended(void *payload, enum recorder_end *end)
{
    (void)payload;
    (void)end;
}

/* What is shown and judged is the run of all. */
static struct run_options options_of_share(const struct run_options *whole)
{
    struct run_options o = *whole;
    o.command = &run_command;
    o.maker = NULL;
    o.out_folder = NULL;
    o.no_results = false;
    o.quiet = true;
    o.json = false;
    o.junit_file = o.markdown_file = NULL;
    o.watch = NULL;
    return o;
}

static int run_share(struct taking *t, struct err *e)
{
    const struct part *part = t->part;
    const struct run_options o = options_of_share(part->options);
    const struct run_member member = {
        .payload = t, .shard = &t->shard, .ready = on_ready, .start = on_start, .ended = on_ended
    };
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", part->folder);
    return run_here(&o, part->argv, part->plan, &member, folder, e);
}

int part_take(const struct part *part, const struct err *failure, bool *has_run, struct err *e)
{
    const struct wire *w = part->fleet->wire;
    struct taking t = { .part = part, .shard = shard_facts_new(w->rank, w->n_ranks, "fleet") };
    int code = -1;
    *e = *failure;
    part->plan->share = (struct share){ .index = w->rank, .count = w->n_ranks };
    if (failure->kind == ERR_NONE)
        code = run_share(&t, e);
    if (code < 0 && !t.has_started && !t.is_over) { /* the others wait for its word */
        struct agreement a = { .own = *e };
        reach(&t, &a, e);
    }
    *has_run = t.has_started;
    return code;
}
