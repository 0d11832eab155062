#include "run_share.h"

#include "clock.h"
#include "clock_sync.h"
#include "clock_watch.h"
#include "err.h"
#include "run_options.h"
#include "start_at.h"
#include "stop.h"
#include "units.h"

#include <stdio.h>

/* Nothing is trusted of the wall clock but its last reading before the start: it may be corrected while a
 * generator waits. */
#define LAST_READING_NS (500 * NS_PER_MS)
#define LOOK_NS         (100 * NS_PER_MS)

static int check_start(const struct run_options *o, struct err *e)
{
    return o->start_at ? start_at_check(o->start_at_ns, clock_realtime_ns(), o->start_at,
                                        o->shard ? "this share" : "this run", e)
                       : 0;
}

static int on_ready(void *payload, struct engine *engine, struct err *e)
{
    struct run_share *share = payload;
    share->engine = engine;
    return check_start(share->options, e);
}

/* A generator that seems to hang makes people press Ctrl-C. */
static void show_wait(const struct run_options *o, uint64_t now_ns)
{
    char left[UNITS_TEXT_BYTES];
    if (o->quiet || o->progress == RECORDER_PROGRESS_NONE || o->start_at_ns < now_ns + NS_PER_S)
        return;
    fprintf(stderr, "starts at %s, in %s\n", o->start_at, units_time_text(o->start_at_ns - now_ns, left));
}

static int on_start(void *payload, struct engine_start *at, struct err *e)
{
    const struct run_share *share = payload;
    const struct run_options *o = share->options;
    struct clock_pair now;
    uint64_t now_ns = clock_realtime_ns();
    if (!o->start_at)
        return 0;
    show_wait(o, now_ns);
    while (now_ns + LAST_READING_NS < o->start_at_ns && !stop_is_asked()) {
        const uint64_t left_ns = o->start_at_ns - LAST_READING_NS - now_ns;
        stop_rest(left_ns < LOOK_NS ? left_ns : LOOK_NS);
        now_ns = clock_realtime_ns();
    }
    clock_watch_read(&now); /* both at once: what lies between them would make the start late, unnoticed */
    at->realtime_ns = o->start_at_ns;
    at->monotonic_ns = now.monotonic_ns + (o->start_at_ns - now.realtime_ns);
    return check_start(o, e);
}

static void on_ended(void *payload, enum recorder_end *end)
{
    struct run_share *share = payload;
    const uint64_t late_ns = engine_start_late_ns(share->engine);
    (void)end;
    if (share->options->start_at)
        share->facts.start_late_us = (double)late_ns / 1e3;
}

/* Where generators start by their wall clocks, one that is wrong starts at another time. */
static void warn_of_clock(const struct run_options *o, const struct clock_sync *sync)
{
    if (o->shard && o->start_at && o->share.count > 1 && !sync->is_synchronised)
        fputs("loadgen: warning: nothing synchronises this host's clock, so this share may start at another "
              "time than the others; run an NTP client, such as chrony\n",
              stderr);
}

int run_share_init(struct run_share *share, const struct run_options *o, struct err *e)
{
    const struct clock_sync sync = clock_sync_read();
    *share = (struct run_share){
        .options = o,
        .member = { .payload = share, .ready = on_ready, .start = on_start, .ended = on_ended },
    };
    if (check_start(o, e))
        return -1;
    if (o->shard) {
        share->facts = shard_facts_new(o->share.index, o->share.count, o->share_source);
        share->facts.start_at = o->start_at;
        share->facts.clock_max_error_us = sync.max_error_us;
        share->member.shard = &share->facts;
    }
    warn_of_clock(o, &sync);
    return 0;
}

void run_share_warn_of_copies(const struct run_options *o)
{
    struct share share;
    struct err none;
    const char *source;
    if (!o->shard && share_parse(&share, &source, "auto", &none) == 0 && share.count > 1)
        fprintf(
            stderr,
            "loadgen: warning: a launcher has started %u of these, and each sends the whole plan; --shard "
            "auto divides it\n",
            share.count);
}
