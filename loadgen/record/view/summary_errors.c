#include "summary.h"

#include "stats_query.h"
#include "table.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

enum { KINDS_MOST = 10, CAUSE_BYTES = 320 };

/* The failures of one class in one stream. */
struct kind {
    const struct plan_stream *stream;
    enum outcome outcome;
    uint64_t n;
    const struct stats_cause *cause; /* the most frequent; NULL: none is known */
    size_t n_causes;
};

static int by_count(const void *a, const void *b)
{
    const struct kind *x = a;
    const struct kind *y = b;
    return (x->n < y->n) - (x->n > y->n);
}

static void find_cause(const struct stats *run, uint32_t stream, struct kind *kind)
{
    for (uint32_t i = 0; i < run->n_causes; i++) {
        const struct stats_cause *cause = &run->causes[i];
        if (cause->stream != stream || cause->outcome != kind->outcome)
            continue;
        kind->n_causes++;
        if (!kind->cause || cause->count > kind->cause->count)
            kind->cause = cause;
    }
}

static size_t list_kinds(const struct summary *s, struct kind *kinds)
{
    size_t n = 0;
    for (size_t i = 0; i < s->plan->n_streams; i++) {
        const struct stats_scope scope = { .plan = s->plan,
                                           .streams = UINT64_C(1) << i,
                                           .with_warmup = true };
        struct stats_counts ends;
        stats_count(s->run, &scope, &ends);
        for (int o = 0; o < N_OUTCOMES; o++) {
            struct kind kind = { &s->plan->streams[i], (enum outcome)o, ends.n_outcomes[o], NULL, 0 };
            if (o == OUTCOME_OK || o == OUTCOME_RESET_IDLE || kind.n == 0)
                continue;
            find_cause(s->run, (uint32_t)i, &kind);
            kinds[n++] = kind;
        }
    }
    qsort(kinds, n, sizeof *kinds, by_count); // cppcheck-suppress uninitvar ; n of them are set
    return n;
}

static void cause_text(const struct kind *kind, char *out)
{
    const struct stats_cause *cause = kind->cause;
    out[0] = '\0';
    if (!cause)
        return;
    const char *more = kind->n_causes > 1 ? ", and others" : "";
    if (cause->status && !strstr(cause->cause, "status"))
        snprintf(out, CAUSE_BYTES, ": %s, status %u%s", cause->cause, cause->status, more);
    else if (cause->status)
        snprintf(out, CAUSE_BYTES, ": %s %u%s", cause->cause, cause->status, more);
    else
        snprintf(out, CAUSE_BYTES, ": %s%s", cause->cause, more);
}

/* Not failures: the requests were sent again. */
static void print_resent(const struct summary *s)
{
    const struct stats_scope all = { .plan = s->plan, .streams = UINT64_MAX, .with_warmup = true };
    struct stats_counts ends;
    char count[UNITS_TEXT_BYTES];
    stats_count(s->run, &all, &ends);
    if (ends.n_outcomes[OUTCOME_RESET_IDLE] > 0)
        fprintf(s->out,
                "\n  sent again  %s requests, whose reused connection was closed before the first byte of "
                "the response\n",
                units_count_text(ends.n_outcomes[OUTCOME_RESET_IDLE], count));
}

/* Neither: connections that were closed for what came behind an answer. */
static void print_strays(const struct summary *s)
{
    char count[UNITS_TEXT_BYTES];
    for (uint32_t i = 0; i < s->run->n_causes; i++) {
        const struct stats_cause *cause = &s->run->causes[i];
        if (cause->outcome == OUTCOME_OK)
            fprintf(s->out, "\n  noted  %s time%s in %s: %s\n", units_count_text(cause->count, count),
                    cause->count == 1 ? "" : "s", s->plan->streams[cause->stream].name, cause->cause);
    }
}

void summary_errors(const struct summary *s)
{
    struct kind kinds[PLAN_STREAMS_MOST * N_OUTCOMES];
    struct table t = { 0 };
    const size_t n = list_kinds(s, kinds);
    table_column(&t, TABLE_LEFT, 2);
    table_column(&t, TABLE_RIGHT, 3);
    table_column(&t, TABLE_LEFT, 2);
    table_column(&t, TABLE_LEFT, 2);
    for (size_t i = 0; i < n && i < KINDS_MOST; i++) {
        char count[UNITS_TEXT_BYTES], cause[CAUSE_BYTES];
        cause_text(&kinds[i], cause);
        table_cell(&t, "%s", i == 0 ? "errors   " : "");
        table_cell(&t, "%s", units_count_text(kinds[i].n, count));
        table_cell(&t, "%s", kinds[i].stream->name);
        table_cell(&t, "%s%s", outcome_words(kinds[i].outcome), cause);
    }
    if (n > 0)
        putc('\n', s->out);
    table_print(&t, s->out);
    table_fini(&t);
    if (n > KINDS_MOST)
        fprintf(s->out, "              and %zu more kinds: see errors.csv\n", n - KINDS_MOST);
    print_resent(s);
    print_strays(s);
}
