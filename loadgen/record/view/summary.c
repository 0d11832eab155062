#include "summary.h"

#include "stats_query.h"
#include "term.h"
#include "units.h"

#include <inttypes.h>

static void print_end(const struct summary *s)
{
    char length[UNITS_TEXT_BYTES];
    units_duration_text(s->end_ns > s->start_ns ? s->end_ns - s->start_ns : 0, length);
    if (s->end == RECORDER_INTERRUPTED)
        fprintf(s->out, "  interrupted after %s; the results hold what there was\n", length);
    else if (s->end == RECORDER_ABORTED)
        fprintf(s->out, "  ended early, after %s: a threshold with `abort` was missed\n", length);
    else if (s->end == RECORDER_FAILED)
        fprintf(s->out, "  failed after %s; the results hold what there was\n", length);
}

static void print_warmup(const struct summary *s)
{
    const struct stats_scope all = { .plan = s->plan, .streams = UINT64_MAX, .with_warmup = true };
    const struct stats_scope measured = { .plan = s->plan, .streams = UINT64_MAX };
    struct stats_counts with, without;
    char count[UNITS_TEXT_BYTES];
    stats_count(s->run, &all, &with);
    stats_count(s->run, &measured, &without);
    if (with.n_done > without.n_done)
        fprintf(s->out, "  warm-up     %s requests, left out above\n",
                units_count_text(with.n_done - without.n_done, count));
}

static void print_missing(FILE *out, uint64_t n, uint64_t n_all, const char *why)
{
    char missing[UNITS_TEXT_BYTES], all[UNITS_TEXT_BYTES];
    if (n > 0)
        fprintf(out, "  log         %s of %s requests are missing from requests.csv: %s\n",
                units_count_text(n, missing), units_count_text(n_all, all), why);
}

static void print_log(const struct summary *s)
{
    const struct request_log_counts *c = &s->log_counts;
    const uint64_t n_all = c->n_rows + c->n_dropped + c->n_unwritten;
    print_missing(s->out, c->n_dropped, n_all, "the disk could not keep up");
    print_missing(s->out, c->n_unwritten, n_all, "it could not be written any more");
}

void summary_print(const struct summary *s)
{
    summary_table(s);
    putc('\n', s->out);
    print_end(s);
    print_warmup(s);
    summary_instances(s);
    summary_verdict(s);
    fputs("  results     ", s->out);
    term_next(s->out, s->folder, "loadgen analysis report");
    print_log(s);
    summary_thresholds(s);
    summary_errors(s);
    summary_rules(s);
}
