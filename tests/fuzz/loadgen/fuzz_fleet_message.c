/* What one rank of a fleet reads from another: the sums of seconds and pulses. The statistics of a second
 * that are accepted are encoded and decoded again to the same counts. */
#include "err.h"
#include "fuzz.h"
#include "plan.h"
#include "pulse.h"
#include "reduction.h"
#include "second_codec.h"
#include "stats.h"
#include "wire.h"

#include <string.h>

static struct plan_phase phases[2] = { { .name = "a" }, { .name = "b" } };
static struct plan_stream streams[2] = {
    { .name = "closed", .model = PLAN_CLOSED, .phases = phases, .n_phases = 1, .n_rows = 1 },
    { .name = "open",
      .model = PLAN_OPEN,
      .phases = phases,
      .n_phases = 2,
      .n_rows = 1,
      .first_phase_index = 1,
      .first_cell_index = 1 },
};
static const struct plan plan = {
    .name = "fuzz", .streams = streams, .n_streams = 2, .n_phases = 3, .n_cells = 3
};
static struct second_scratch scratch;

#define EVERY_METRIC ((1u << N_METRICS) - 1)

static void check_hists(const struct stats_times *a, const struct stats_times *b)
{
    for (int m = 0; a && m < N_METRICS; m++) {
        const struct hist *in_a = a->metrics[m];
        if (!in_a || in_a->n == 0)
            continue;
        FUZZ_HOLDS(b && b->metrics[m] && b->metrics[m]->n == in_a->n);
        FUZZ_HOLDS(b->metrics[m]->min_ns == in_a->min_ns && b->metrics[m]->max_ns == in_a->max_ns);
        FUZZ_HOLDS(in_a->n_bins == b->metrics[m]->n_bins);
        for (uint32_t i = 0; i < in_a->n_bins; i++)
            FUZZ_HOLDS(in_a->bins[i].index == b->metrics[m]->bins[i].index &&
                       in_a->bins[i].count == b->metrics[m]->bins[i].count);
    }
}

/* Counts of cells that are all 0 take their histograms along: none of ours has such. */
static bool is_sound(const struct stats *stats)
{
    for (uint32_t p = 0; p < stats->n_cells; p++) {
        uint64_t sum = stats->cells[p].n_late;
        for (int o = 0; o < N_OUTCOMES; o++) {
            const struct stats_times *times = stats->cells[p].times[o];
            sum |= stats->cells[p].n_outcomes[o];
            if (times && o != OUTCOME_OK && o != OUTCOME_CENSORED)
                return false;
            for (int m = 0; times && m < N_METRICS; m++)
                if (times->metrics[m] && times->metrics[m]->n > UINT32_MAX)
                    return false;
        }
        if (sum == 0)
            return false;
    }
    return true;
}

static void check_second(const uint8_t *data, size_t length_bytes)
{
    struct stats *first = stats_new(&plan);
    struct stats *again = stats_new(&plan);
    struct pack bytes = { 0 };
    FUZZ_HOLDS(first && again);
    if (second_decode(data, length_bytes, &plan, &scratch, first) == 0 && is_sound(first)) {
        second_encode(&plan, first, EVERY_METRIC, &bytes);
        FUZZ_HOLDS(second_decode(bytes.bytes, bytes.n, &plan, &scratch, again) == 0);
        for (uint32_t p = 0; p < plan.n_cells; p++) {
            FUZZ_HOLDS(memcmp(first->cells[p].n_outcomes, again->cells[p].n_outcomes,
                              sizeof first->cells[p].n_outcomes) == 0);
            for (int o = 0; o < N_OUTCOMES; o++)
                check_hists(first->cells[p].times[o], again->cells[p].times[o]);
        }
    }
    pack_fini(&bytes);
    stats_free(first);
    stats_free(again);
}

/* Rank 0 of two, which only receives. */
static int send_nothing(struct wire *w, uint32_t to, uint32_t tag, const void *bytes, size_t n_bytes,
                        struct err *e)
{
    (void)tag, (void)bytes, (void)n_bytes, (void)e;
    FUZZ_HOLDS(to < w->n_ranks);
    return 0;
}

static void take_second(void *payload, const struct reduced *second)
{
    (void)payload;
    FUZZ_HOLDS(second->sum != NULL);
}

static void check_messages(const uint8_t *data, size_t length_bytes, uint32_t rank)
{
    static const struct wire_kind kind = { .send = send_nothing };
    struct wire wire = { .kind = &kind, .rank = rank, .n_ranks = 3 };
    struct err e;
    struct pulse pulse;
    struct wire_message m = { .from = 2 - rank, .n_bytes = length_bytes };
    struct reduction *r = reduction_new(
        &(struct reduction_params){ .wire = &wire, .plan = &plan, .on_second = take_second }, &e);
    FUZZ_HOLDS(r && pulse_init(&pulse, &wire, &e) == 0);
    m.bytes =
        malloc(length_bytes > 0 ? length_bytes : 1); /* a copy of that size: reads beyond it are found */
    FUZZ_HOLDS(m.bytes != NULL);
    m.bytes = length_bytes > 0 ? memcpy(m.bytes, data, length_bytes) : m.bytes;
    reduction_message(r, &m);
    reduction_turn(r, UINT64_MAX);
    pulse_begin(&pulse, 1);
    pulse_message(&pulse, &m, 2);
    FUZZ_HOLDS(memchr(pulse.ranks[m.from].state.trouble, '\0', PULSE_TROUBLE_BYTES) != NULL);
    wire_message_fini(&m);
    pulse_fini(&pulse);
    reduction_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    check_second(data, length_bytes);
    check_messages(data, length_bytes, 0);
    check_messages(data, length_bytes, 2);
    return 0;
}
