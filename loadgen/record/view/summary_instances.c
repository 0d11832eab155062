#include "summary.h"

#include "balance.h"
#include "names.h"
#include "run_clusters.h"
#include "stats_query.h"
#include "table.h"
#include "units.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MOST = 12 };
#define P_TOO_EVEN   0.001 /* below: the signature of round robin */
#define P_TOO_UNEVEN 0.01

/* Answers per instance of a cluster, those that the plan names first. */
struct answers {
    const char *names[STATS_INSTANCES_MOST];
    uint64_t counts[STATS_INSTANCES_MOST];
    size_t n;
    uint32_t
        places[STATS_INSTANCES_MOST]; /* by the run's number: place in `counts` + 1; 0: not looked up yet */
    uint64_t n_unkept;                /* answers in none, for there are more ids than are kept */
};

/* Its place + 1; 0 when there is no room. */
static uint32_t place_of(struct answers *a, const char *name)
{
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->names[i], name) == 0)
            return (uint32_t)i + 1;
    if (a->n == STATS_INSTANCES_MOST)
        return 0;
    a->names[a->n] = name;
    return (uint32_t)++a->n;
}

static void add_cell(struct answers *a, const struct stats_cell *cell, const struct names *instances)
{
    for (uint32_t i = 0; i < cell->n_instances; i++) {
        const struct hist *h = cell->instances[i];
        if (!h || h->n == 0)
            continue;
        if (a->places[i] == 0)
            a->places[i] = place_of(a, names_text(instances, i));
        if (a->places[i] > 0)
            a->counts[a->places[i] - 1] += h->n;
    }
}

static void count_answers(const struct summary *s, const struct run_cluster *cluster, struct answers *a)
{
    *a = (struct answers){ .n = 0 };
    for (size_t i = 0; cluster->planned && i < cluster->planned->n_instances; i++)
        place_of(a, cluster->planned->instances[i]);
    for (size_t i = 0; i < s->plan->n_streams; i++) {
        const struct plan_stream *stream = &s->plan->streams[i];
        if (cluster->streams >> i & 1 && stream->expect.has_instance && names_is_full(s->instances))
            a->n_unkept += stats_in_no_instance(s->run, s->plan, i);
        for (size_t k = 0; cluster->streams >> i & 1 && k < stream->n_phases; k++)
            for (int o = 0; o < N_OUTCOMES; o++) {
                const struct stats_cell *cell = s->run->phases[stream->first_phase_index + k].cells[o];
                if (cell)
                    add_cell(a, cell, s->instances);
            }
    }
}

static bool captures_instances(const struct summary *s, uint64_t streams)
{
    for (size_t i = 0; i < s->plan->n_streams; i++)
        if (streams >> i & 1 && s->plan->streams[i].expect.has_instance)
            return true;
    return false;
}

/* Of some of the instances nobody knows how even they all are. */
static const char *evenness(const struct answers *a, char *out, size_t out_bytes)
{
    char n[UNITS_TEXT_BYTES];
    if (a->n_unkept > 0) {
        snprintf(out, out_bytes, "%s more answers are in none: there are more ids than are kept",
                 units_count_text(a->n_unkept, n));
        return out;
    }
    const struct balance b = balance_of(a->counts, a->n);
    if (a->n < 2 || !(b.chi2 >= 0))
        return "";
    if (b.p_lower < P_TOO_EVEN)
        return "as even as round robin makes it";
    return b.p_value < P_TOO_UNEVEN ? "more uneven than chance would make it" : "as even as chance makes it";
}

static int by_count(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;
    return (*x > *y) - (*x < *y);
}

/* "625 625 625 625", or "40 instances, 12 to 15 each". */
static void counts_text(const struct answers *a, char *out, size_t out_bytes)
{
    size_t used = 0;
    out[0] = '\0';
    if (a->n > SHOWN_MOST) {
        uint64_t sorted[STATS_INSTANCES_MOST];
        memcpy(sorted, a->counts, a->n * sizeof *sorted);
        qsort(sorted, a->n, sizeof *sorted, by_count);
        snprintf(out, out_bytes, "%zu instances, %" PRIu64 " to %" PRIu64 " each", a->n, sorted[0],
                 sorted[a->n - 1]);
        return;
    }
    for (size_t i = 0; i < a->n && used < out_bytes; i++)
        used +=
            (size_t)snprintf(out + used, out_bytes - used, i > 0 ? " %" PRIu64 : "%" PRIu64, a->counts[i]);
}

void summary_instances(const struct summary *s)
{
    struct run_cluster clusters[RUN_CLUSTERS_MOST];
    struct table t = { 0 };
    struct answers *a = malloc(sizeof *a);
    const size_t n = run_clusters(s->plan, clusters);
    const char *heading = "instances";
    char counts[SHOWN_MOST * 24];
    char words[128];
    table_column(&t, TABLE_LEFT, 2);
    table_column(&t, TABLE_LEFT, 3);
    table_column(&t, TABLE_LEFT, 2);
    table_column(&t, TABLE_LEFT, 4);
    for (size_t i = 0; a && i < n; i++) {
        if (!captures_instances(s, clusters[i].streams))
            continue;
        count_answers(s, &clusters[i], a);
        counts_text(a, counts, sizeof counts);
        table_cell(&t, "%s", heading);
        table_cell(&t, "%s", clusters[i].name);
        table_cell(&t, "%s", a->n > 0 ? counts : "no answer named one");
        table_cell(&t, "%s", evenness(a, words, sizeof words));
        heading = "";
    }
    table_print(&t, s->out);
    table_fini(&t);
    free(a);
}
