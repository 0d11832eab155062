/* What it costs to sum up every second of a fleet at rank 0: bytes, CPU and time, with the real codec and
 * tree and simulated ranks in one process. Each rank looks for messages every 5 ms, at a moment of its own,
 * as engine_run's caller does; a message takes 100 us and a link of 1 Gbit/s; what a rank computes takes the
 * time it took here, where the ranks share a cache that is too small for all, so real ones are quicker.
 *
 * Every request is recorded in one of 8 streams, with lognormal times, in the headline metric, as
 * loadgen-fleet sends it, or in three. Checks that all shares are in each second, and the bounds that
 * docs/scale.md quotes. LOADGEN_TRUTH=full: all rows. */
#include "made_second.h"
#include "plan.h"
#include "sim_fleet.h"

#include <stdio.h>
#include <string.h>

enum { STREAMS = 8, SECONDS = 4, LOOK_EVERY_US = 5000, STEP_US = 50 };
#define ONE   (1u << METRIC_RESPONSE)
#define THREE (ONE | 1u << METRIC_SERVICE | 1u << METRIC_LAG)

static struct plan_phase phases[STREAMS];
static struct plan_stream streams[STREAMS];
static struct plan plan = {
    .name = "bench", .streams = streams, .n_streams = STREAMS, .n_phases = STREAMS, .n_cells = STREAMS
};

static void make_plan(void)
{
    for (size_t i = 0; i < STREAMS; i++) {
        snprintf(streams[i].name, sizeof streams[i].name, "stream%zu", i);
        streams[i].model = PLAN_OPEN;
        streams[i].phases = &phases[i];
        streams[i].n_phases = 1;
        streams[i].n_rows = 1;
        streams[i].first_phase_index = i;
        streams[i].first_cell_index = i;
    }
}

struct cost {
    uint64_t cpu_ns, encode_ns;
};

struct bench {
    struct sim_fleet fleet;
    struct cost *costs;     /* [ranks] */
    uint64_t *next_look_ns; /* [ranks] */
    uint64_t *ready_ns;     /* [ranks]: when its own second is written */
    bool *has_added;        /* [ranks] */
    struct stats *own;
    uint32_t requests_per_s, metrics;
    double wall_ns, wall_most_ns; /* from the last rank's own second to the sum at rank 0 */
};

static uint64_t cpu_now_ns(void)
{
    return clock_read_ns(CLOCK_THREAD_CPUTIME_ID);
}

static void add_own(struct bench *b, uint32_t rank, uint64_t second, struct random *r)
{
    for (size_t s = 0; s < STREAMS; s++)
        made_answers(b->own, &plan, s, 0, b->requests_per_s / STREAMS, b->metrics, r);
    const uint64_t begin_ns = cpu_now_ns();
    reduction_add(b->fleet.ranks[rank], second, b->own, NS_PER_S);
    b->costs[rank].encode_ns += cpu_now_ns() - begin_ns;
    stats_clear(b->own);
}

static bool has_mail(const struct bench *b, uint32_t rank)
{
    const struct sim_letter *first = b->fleet.net.wires[rank].inbox;
    return first && first->arrives_ns <= b->fleet.net.now_ns;
}

static void look(struct bench *b, uint32_t rank, uint64_t second, struct random *r)
{
    struct sim_net *net = &b->fleet.net;
    const bool is_own_due = !b->has_added[rank] && net->now_ns >= b->ready_ns[rank];
    if (is_own_due) {
        add_own(b, rank, second, r);
        b->has_added[rank] = true;
    }
    const bool is_busy = is_own_due || has_mail(b, rank);
    net->busy_since_ns = is_busy ? cpu_now_ns() : 0;
    sim_fleet_turn(&b->fleet, rank);
    const uint64_t spent_ns = is_busy ? cpu_now_ns() - net->busy_since_ns : 0;
    net->busy_since_ns = 0;
    b->costs[rank].cpu_ns += spent_ns;
    b->next_look_ns[rank] = net->now_ns + spent_ns + LOOK_EVERY_US * 1000;
}

/* The collectors write their second 25 to 35 ms after its end. */
static void run_second(struct bench *b, uint64_t second, struct random *r)
{
    struct sim_net *net = &b->fleet.net;
    const uint64_t end_ns = (second + 1) * NS_PER_S;
    uint64_t last_ns = 0;
    for (uint32_t i = 0; i < net->n_ranks; i++) {
        b->next_look_ns[i] = end_ns + 1000 * random_below(r, LOOK_EVERY_US);
        b->ready_ns[i] = end_ns + 25 * NS_PER_MS + random_below(r, 10 * NS_PER_MS);
        b->has_added[i] = false;
        last_ns = b->ready_ns[i] > last_ns ? b->ready_ns[i] : last_ns;
    }
    for (net->now_ns = end_ns; b->fleet.n_given[second] == 0; net->now_ns += STEP_US * 1000)
        for (uint32_t i = 0; i < net->n_ranks; i++)
            if (net->now_ns >= b->next_look_ns[i])
                look(b, i, second, r);
    const double wall_ns = (double)b->fleet.given_ns[second] - (double)last_ns;
    b->wall_ns += wall_ns / SECONDS;
    b->wall_most_ns = wall_ns > b->wall_most_ns ? wall_ns : b->wall_most_ns;
}

static bool holds(bool condition, const char *what)
{
    if (!condition)
        printf("does not hold: %s\n", what);
    return condition;
}

static bool report(const struct bench *b)
{
    const uint32_t n = b->fleet.net.n_ranks;
    const struct wire *root = &b->fleet.net.wires[0].wire;
    double sent = 0, most = 0, cpu = 0, encode = 0, cpu_most = 0;
    for (uint32_t i = 0; i < n; i++) {
        const double mean = i > 0 ? (double)b->fleet.net.wires[i].wire.n_sent_bytes / SECONDS : 0;
        sent += mean / (n - 1);
        most = mean > most ? mean : most;
        cpu += (double)b->costs[i].cpu_ns / n / SECONDS;
        cpu_most = (double)b->costs[i].cpu_ns > cpu_most ? (double)b->costs[i].cpu_ns : cpu_most;
        encode += (double)b->costs[i].encode_ns / n / SECONDS;
    }
    const double own = (double)b->fleet.net.wires[n - 1].wire.n_sent_bytes / SECONDS;
    const double into_root = (double)root->n_received_bytes / SECONDS;
    printf("%5u %8u %7d %8.1f %8.1f %8.1f %10.1f %8.2f %8.2f %8.2f %8.2f %8.1f %8.1f\n", n, b->requests_per_s,
           b->metrics == ONE ? 1 : 3, own / 1e3, sent / 1e3, most / 1e3, into_root / 1e3, encode / 1e6,
           cpu / 1e6, (double)b->costs[0].cpu_ns / SECONDS / 1e6, cpu_most / SECONDS / 1e6, b->wall_ns / 1e6,
           b->wall_most_ns / 1e6);
    bool is_well = holds(b->fleet.n_late == 0, "no part of a second is late");
    for (int s = 0; s < SECONDS; s++)
        is_well &= holds(b->fleet.n_told[s] == n, "every share is in every second");
    is_well &= holds(b->fleet.sum->streams[0].n_sent == (uint64_t)n * SECONDS * (b->requests_per_s / STREAMS),
                     "every request is counted once");
    is_well &= holds(most < 1.5e6, "no message is longer than 1.5 MB");
    return is_well & holds(b->wall_most_ns < 400e6, "the sum is there within the time that rank 0 waits");
}

static bool run(uint32_t n_ranks, uint32_t requests_per_s, uint32_t metrics)
{
    struct bench b = { .requests_per_s = requests_per_s, .metrics = metrics, .own = stats_new(&plan) };
    struct random r;
    random_init(&r, 1, n_ranks);
    b.costs = calloc(n_ranks, sizeof *b.costs);
    b.next_look_ns = calloc(n_ranks, sizeof *b.next_look_ns);
    b.ready_ns = calloc(n_ranks, sizeof *b.ready_ns);
    b.has_added = calloc(n_ranks, sizeof *b.has_added);
    if (!b.own || !b.costs || !b.next_look_ns || !b.ready_ns || !b.has_added)
        abort();
    sim_fleet_init(&b.fleet, n_ranks, &plan, metrics);
    b.fleet.net.latency_ns = 100 * 1000;
    b.fleet.net.ns_per_byte = 8;
    for (uint64_t second = 0; second < SECONDS; second++)
        run_second(&b, second, &r);
    const bool is_well = report(&b);
    sim_fleet_fini(&b.fleet);
    stats_free(b.own);
    free(b.costs);
    free(b.next_look_ns);
    free(b.ready_ns);
    free(b.has_added);
    return is_well;
}

int main(void)
{
    static const uint32_t ranks[] = { 4, 16, 64, 1000 };
    static const struct {
        uint32_t requests_per_s, metrics;
    } rows[] = { { 1000, ONE }, { 20000, ONE }, { 1000, THREE }, { 20000, THREE } };
    const char *effort = getenv("LOADGEN_TRUTH");
    const bool is_full = effort && strcmp(effort, "full") == 0;
    bool is_well = true;
    make_plan();
    printf("per second of the fleet; req/s: of each rank; kB: a leaf's message, mean, longest, received by "
           "rank 0;\n"
           "ms CPU: encoding (collector), summing: mean, rank 0, most; ms wall: mean, most\n"
           "ranks    req/s metrics     leaf     mean  longest     rank 0   encode     mean   rank 0     most "
           "    "
           "wall     most\n");
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++)
            if (is_full || k == 0)
                is_well &= run(ranks[i], rows[k].requests_per_s, rows[k].metrics);
    return is_well ? EXIT_SUCCESS : EXIT_FAILURE;
}
