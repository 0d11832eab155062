/* A stream of the open model, whose connections use the test's own transport. Ten requests a second are due
 * at 50 ms, 150 ms and so on. */
#ifndef TEST_WIRED_OPEN_H
#define TEST_WIRED_OPEN_H

#include "wired.h"

#include "arrivals.h"

static struct phase_clock clocks[7];
static struct plan_phase phases[7];

static inline uint64_t at_ms(uint64_t ms)
{
    return WIRED_T0_NS + ms * NS_PER_MS;
}

static inline int drop(void **state)
{
    (void)state;
    wired_fini();
    return 0;
}

/* Of a second each. */
static inline struct shard *open_stream(uint32_t n_conns, uint64_t queue_most, size_t n_phases)
{
    wired_init(PLAN_OPEN, n_conns, 1);
    memset(clocks, 0, sizeof clocks);
    for (size_t i = 0; i < n_phases; i++)
        phases[i] = (struct plan_phase){ .kind = PLAN_PHASE_RATE,
                                         .duration_ns = NS_PER_S,
                                         .rate_per_s = 10,
                                         .rate_end_per_s = 10,
                                         .n_requests = 10 };
    wired.stream.phases = phases;
    wired.stream.n_phases = wired.plan.n_phases = wired.plan.n_cells = n_phases;
    due_queue_fini(&wired.shard.queue);
    assert_int_equal(due_queue_init(&wired.shard.queue, (uint32_t)queue_most), 0);
    wired.shard.clocks = clocks;
    wired.loop->t0_ns = at_ms(0);
    wired.shard.model = &shard_open;
    shard_open.start(&wired.shard, at_ms(0));
    return &wired.shard;
}

static inline void due(struct shard *s, uint64_t now_ns)
{
    shard_open.on_due(&s->timer, 1, now_ns);
}

static inline void idle(struct shard *s, uint32_t i)
{
    conn_list_append(&s->idle, wired_connect(i), at_ms(0));
}

#endif
