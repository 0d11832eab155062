#include "summary.h"

#include "book_query.h"
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
    const struct book_scope all = { .plan = s->plan, .streams = UINT64_MAX, .with_warmup = true };
    const struct book_scope measured = { .plan = s->plan, .streams = UINT64_MAX };
    struct book_counts with, without;
    char count[UNITS_TEXT_BYTES];
    book_count(s->run, &all, &with);
    book_count(s->run, &measured, &without);
    if (with.n_done > without.n_done)
        fprintf(s->out, "  warm-up     %s requests, left out above\n",
                units_count_text(with.n_done - without.n_done, count));
}

static void print_log(const struct summary *s)
{
    char dropped[UNITS_TEXT_BYTES], all[UNITS_TEXT_BYTES];
    if (s->n_log_dropped > 0)
        fprintf(s->out,
                "  log         %s of %s requests are missing from requests.csv: the disk could not keep up\n",
                units_count_text(s->n_log_dropped, dropped),
                units_count_text(s->n_log_rows + s->n_log_dropped, all));
}

void summary_print(const struct summary *s)
{
    summary_table(s);
    putc('\n', s->out);
    print_end(s);
    print_warmup(s);
    summary_instances(s);
    summary_verdict(s);
    fprintf(s->out, "  results     %s     next: loadgen analysis report %s\n", s->folder, s->folder);
    print_log(s);
    summary_thresholds(s);
    summary_errors(s);
    summary_rules(s);
}
