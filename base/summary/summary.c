#include "summary.h"

#include "term.h"
#include "units.h"

#include <string.h>

static void print_end(const struct summary *s, FILE *out)
{
    char length[UNITS_TEXT_BYTES];
    units_duration_text(s->duration_ns, length);
    if (strcmp(s->end, "interrupted") == 0)
        fprintf(out, "  interrupted after %s; the results hold what there was\n", length);
    else if (strcmp(s->end, "aborted") == 0)
        fprintf(out, "  ended early, after %s: a threshold with `abort` was missed\n", length);
    else if (strcmp(s->end, "failed") == 0)
        fprintf(out, "  failed after %s; the results hold what there was\n", length);
    else if (strcmp(s->end, "running") == 0)
        fprintf(out, "  goes on, or was killed; these are its results after %s\n", length);
}

static void print_warmup(const struct summary *s, FILE *out)
{
    uint64_t n = 0;
    char count[UNITS_TEXT_BYTES];
    for (size_t i = 0; i < s->run->n_streams; i++)
        n += s->counts[i].n_warmup;
    if (n > 0)
        fprintf(out, "  warm-up     %s requests, left out above\n", units_count_text(n, count));
}

static void print_missing(FILE *out, uint64_t n, uint64_t n_all, const char *why)
{
    char missing[UNITS_TEXT_BYTES], all[UNITS_TEXT_BYTES];
    if (n > 0)
        fprintf(out, "  log         %s of %s requests are missing from requests.csv: %s\n",
                units_count_text(n, missing), units_count_text(n_all, all), why);
}

static void print_log(const struct summary *s, FILE *out)
{
    const uint64_t n_all = s->n_log_rows + s->n_log_dropped + s->n_log_unwritten;
    print_missing(out, s->n_log_dropped, n_all, "the disk could not keep up");
    print_missing(out, s->n_log_unwritten, n_all, "it could not be written any more");
}

static void print_thresholds(const struct summary *s, FILE *out)
{
    size_t n_not_held = 0;
    for (size_t i = 0; i < s->n_thresholds; i++) {
        char value[UNITS_TEXT_BYTES];
        const struct threshold_result *t = &s->thresholds[i];
        if (t->held == THRESHOLD_HELD)
            continue;
        n_not_held++;
        fprintf(out, "  threshold   %s: %s; it was %s\n", threshold_held_words(t->held), t->text,
                threshold_result_text(t, value));
    }
    if (s->n_thresholds > 0 && n_not_held == 0)
        fprintf(out, "  thresholds  all %zu held\n", s->n_thresholds);
}

int summary_print(const struct summary *s, FILE *out)
{
    int status = summary_table(s, out);
    putc('\n', out);
    print_end(s, out);
    print_warmup(s, out);
    if (!s->lacks_times)
        status |= summary_instances(s, out);
    summary_verdict(s, out);
    fputs("  results     ", out);
    term_next(out, s->folder, "loadgen analysis report");
    print_log(s, out);
    print_thresholds(s, out);
    status |= summary_errors(s, out);
    status |= summary_rules(s, out);
    return status;
}
