/* What a row leaves out: the slowest and the mean good answer, bytes, connects, HTTP statuses. */
#include "derived_attempts.h"
#include "hist.h"
#include "status_counts.h"
#include "summary.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

enum {
    STATUSES_SHOWN = 4,
    PARTS_MOST = 7 + STATUSES_SHOWN,
    PART_BYTES = 80,
    ROWS_MOST = 6,
    GAP = 3,
    NAME_MOST = 18,
    INDENT = 4
};

#define ROUND_TRIP_SHOWN_NS (100 * NS_PER_US) /* a shorter one is on this machine */

struct parts {
    char texts[PARTS_MOST][PART_BYTES];
    const char *list[PARTS_MOST];
    size_t n;
};

static char *next_part(struct parts *p)
{
    p->list[p->n] = p->texts[p->n];
    return p->texts[p->n++];
}

static bool is_in(const struct derived_stream *stream, const struct claim_row *row)
{
    return row->stream ? strcmp(stream->name, row->stream) == 0 : strcmp(stream->cluster, row->cluster) == 0;
}

static struct derived_scope scope_of(const struct summary *s, const struct claim_row *row,
                                     struct derived_cluster *cluster)
{
    *cluster = (struct derived_cluster){ .name = row->cluster };
    struct derived_scope scope = { .cluster = cluster };
    for (size_t i = 0; row->stream && i < s->run->n_streams; i++)
        if (is_in(&s->run->streams[i], row))
            scope.stream = &s->run->streams[i];
    return scope;
}

static void add_good_times(const struct summary *s, const struct claim_row *row,
                           const struct derived_scope *scope, struct hist *times, struct parts *p)
{
    char text[UNITS_TEXT_BYTES];
    hist_clear(times);
    derived_times(s->run, scope, row->headline, OUTCOME_OK, times);
    if (times->n == 0)
        return;
    snprintf(next_part(p), PART_BYTES, "max %s", units_time_text(times->max_ns, text));
    snprintf(next_part(p), PART_BYTES, "mean %s%s", units_time_text(times->sum_ns / times->n, text),
             row->n_failed > 0 ? " of good answers" : "");
}

static void add_bytes(const struct summary *s, const struct claim_row *row, struct parts *p)
{
    char text[UNITS_TEXT_BYTES];
    uint64_t bytes = 0;
    for (size_t i = 0; i < s->run->n_streams; i++)
        bytes += is_in(&s->run->streams[i], row) ? s->run->streams[i].bytes_rx : 0;
    if (bytes > 0 && row->active_ns > 0)
        snprintf(next_part(p), PART_BYTES, "%s",
                 units_bytes_per_s_text((double)bytes * 1e9 / (double)row->active_ns, text));
}

/* A connect that took a second is a lost packet, which no percentile of requests shows. */
static void add_connects(const struct summary *s, const struct derived_scope *scope, struct hist *times,
                         struct parts *p)
{
    static const struct {
        enum metric metric;
        const char *name;
    } kinds[] = { { METRIC_CONNECT, "connect" }, { METRIC_TLS, "tls" } };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char median[UNITS_TEXT_BYTES], most[UNITS_TEXT_BYTES];
        hist_clear(times);
        derived_times(s->run, scope, kinds[i].metric, OUTCOME_OK, times);
        if (times->n > 0)
            snprintf(next_part(p), PART_BYTES, "%s p50 %s, max %s", kinds[i].name,
                     units_time_text(hist_value_at_ppm(times, 500000), median),
                     units_time_text(times->max_ns, most));
    }
}

static void add_round_trip(const struct summary *s, const struct claim_row *row, struct parts *p)
{
    char text[UNITS_TEXT_BYTES];
    uint64_t ns = 0;
    for (size_t i = 0; i < s->run->n_streams; i++)
        if (is_in(&s->run->streams[i], row) && s->run->streams[i].round_trip_ns > ns)
            ns = s->run->streams[i].round_trip_ns;
    if (ns >= ROUND_TRIP_SHOWN_NS)
        snprintf(next_part(p), PART_BYTES, "round trip %s", units_time_text(ns, text));
}

/* The most frequent first; equally many by status. */
static int by_count(const void *a, const void *b)
{
    const struct status_count *x = a, *y = b;
    if (x->n != y->n)
        return x->n < y->n ? 1 : -1;
    return (x->status > y->status) - (x->status < y->status);
}

static struct status_counts statuses_of(const struct summary *s, const struct claim_row *row)
{
    struct status_counts sum = { 0 };
    for (size_t i = 0; i < s->run->n_streams; i++) {
        const struct derived_stream *stream = &s->run->streams[i];
        for (size_t k = 0; is_in(stream, row) && k < stream->n_statuses; k++)
            status_counts_add(&sum, stream->statuses[k].status, stream->statuses[k].n);
    }
    qsort(sum.rows, sum.n, sizeof *sum.rows, by_count);
    return sum;
}

/* "200: 1 203 441", "404: 12", "others: 3" */
static void add_statuses(const struct summary *s, const struct claim_row *row, struct parts *p)
{
    const struct status_counts sum = statuses_of(s, row);
    char n[UNITS_TEXT_BYTES];
    size_t n_shown = 0;
    uint64_t n_others = 0;
    for (uint32_t i = 0; i < sum.n; i++) {
        if (n_shown == STATUSES_SHOWN || sum.rows[i].status == 0) {
            n_others += sum.rows[i].n;
            continue;
        }
        n_shown++;
        snprintf(next_part(p), PART_BYTES, "%u: %s", sum.rows[i].status, units_count_text(sum.rows[i].n, n));
    }
    if (n_others > 0)
        snprintf(next_part(p), PART_BYTES, "others: %s", units_count_text(n_others, n));
}

static size_t name_width(const struct summary *s)
{
    const struct claim_row *row;
    size_t width = 0;
    for (size_t i = 0; (row = summary_row(s, i)); i++) {
        const size_t length = row->step ? 0 : strlen(summary_row_name(s, row));
        width = length > width ? length : width;
    }
    return width;
}

/* How many rows have details: all but steps. */
static size_t n_detailed(const struct summary *s)
{
    const struct claim_row *row;
    size_t n = 0;
    for (size_t i = 0; (row = summary_row(s, i)); i++)
        n += !row->step;
    return n;
}

static void print_row(const struct summary *s, const struct claim_row *row, struct hist *times, FILE *out)
{
    struct parts p = { .n = 0 };
    struct derived_cluster cluster;
    const struct derived_scope scope = scope_of(s, row, &cluster);
    if (!s->lacks_times)
        add_good_times(s, row, &scope, times, &p);
    add_bytes(s, row, &p);
    if (!s->lacks_times)
        add_connects(s, &scope, times, &p);
    add_round_trip(s, row, &p);
    add_statuses(s, row, &p);
    if (p.n == 0)
        return;
    size_t used = 2;
    const size_t width = name_width(s);
    const bool is_one = n_detailed(s) == 1;
    if (!is_one && width > NAME_MOST) {
        fprintf(out, "  %s\n%*s", summary_row_name(s, row), INDENT, "");
        used = INDENT;
    } else if (!is_one) {
        fprintf(out, "  %-*s   ", (int)width, summary_row_name(s, row));
        used += width + 3;
    } else {
        fputs("  ", out);
    }
    summary_parts(s, out, p.list, p.n, GAP, used, used);
}

int summary_details(const struct summary *s, FILE *out)
{
    struct hist *times = hist_new();
    const struct claim_row *row;
    for (size_t i = 0; times && n_detailed(s) <= ROWS_MOST && (row = summary_row(s, i)); i++)
        if (!row->step)
            print_row(s, row, times, out);
    hist_free(times);
    return times ? 0 : -1;
}
