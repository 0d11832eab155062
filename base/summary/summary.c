#include "summary.h"

#include "term.h"
#include "units.h"

#include <string.h>

static void print_end(const struct summary *s, FILE *out)
{
    char length[UNITS_TEXT_BYTES];
    units_duration_text(s->duration_ns, length);
    if (strcmp(s->end, "interrupted") == 0)
        fprintf(out, "  interrupted after %s; the results cover that time\n", length);
    else if (strcmp(s->end, "aborted") == 0)
        fprintf(out, "  ended early, after %s: a threshold with `abort` was missed\n", length);
    else if (strcmp(s->end, "failed") == 0)
        fprintf(out, "  failed after %s; the results are not complete\n", length);
    else if (strcmp(s->end, "running") == 0)
        fprintf(out, "  still running, or was killed; these are its results after %s\n", length);
}

/* Sums of the phases, in warm-up or outside of it. */
static uint64_t count(const struct summary *s, bool warmup, bool (*is_meant)(enum outcome))
{
    uint64_t n = 0;
    for (size_t i = 0; i < s->run->n_phases; i++)
        for (int o = 0; o < N_OUTCOMES && s->run->phases[i].warmup == warmup; o++)
            n += is_meant((enum outcome)o) ? s->run->phases[i].n_outcomes[o] : 0;
    return n;
}

static bool is_done(enum outcome outcome)
{
    return outcome == OUTCOME_OK || outcome_is_failure(outcome);
}

static bool is_censored(enum outcome outcome)
{
    return outcome == OUTCOME_CENSORED;
}

static void print_left_out(const struct summary *s, FILE *out)
{
    char text[UNITS_TEXT_BYTES];
    const uint64_t n_warmup = count(s, true, is_done);
    const uint64_t n_failed = count(s, true, outcome_is_failure);
    const uint64_t n_censored = count(s, false, is_censored);
    if (n_warmup > 0) {
        fprintf(out, "  warm-up     %s request%s, left out above", units_count_text(n_warmup, text),
                n_warmup == 1 ? "" : "s");
        if (n_failed > 0)
            fprintf(out, "; %s of them failed", units_count_text(n_failed, text));
        putc('\n', out);
    }
    if (n_censored > 0)
        fprintf(out, "  cut off     %s request%s by the end of the run: neither good nor failed\n",
                units_count_text(n_censored, text), n_censored == 1 ? "" : "s");
}

static void print_late(const struct summary *s, FILE *out)
{
    char text[UNITS_TEXT_BYTES];
    uint64_t n = 0, n_ok = 0;
    for (size_t i = 0; i < s->run->n_phases; i++) {
        n += s->run->phases[i].warmup ? 0 : s->run->phases[i].n_late;
        n_ok += s->run->phases[i].warmup ? 0 : s->run->phases[i].n_outcomes[OUTCOME_OK];
    }
    if (n * 100 > n_ok)
        fprintf(out, "  late        %s good answer%s came after the planned end and count%s in no rate\n",
                units_count_text(n, text), n == 1 ? "" : "s", n == 1 ? "s" : "");
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
        char was[UNITS_TEXT_BYTES];
        const struct threshold_result *t = &s->thresholds[i];
        if (t->held == THRESHOLD_HELD)
            continue;
        n_not_held++;
        fprintf(out, "  threshold   %s: %s; %s\n", threshold_held_words(t->held), t->text,
                threshold_was_text(t, was));
    }
    if (s->n_thresholds > 0 && n_not_held == 0)
        fprintf(out, s->n_thresholds == 1 ? "  threshold   held\n" : "  thresholds  all %zu held\n",
                s->n_thresholds);
}

static void print_results(const struct summary *s, FILE *out)
{
    if (!s->folder) {
        fputs("  results     none were kept, so this run has no report and no comparison\n", out);
        return;
    }
    fputs("  results     ", out);
    term_name(out, s->folder);
    fputs("\n  next        loadgen analysis report ", out);
    term_word(out, s->folder);
    putc('\n', out);
}

int summary_print(const struct summary *s, FILE *out)
{
    int status = summary_table(s, out);
    summary_claims(s, out);
    print_end(s, out);
    print_left_out(s, out);
    print_late(s, out);
    if (!s->lacks_times)
        status |= summary_instances(s, out);
    print_log(s, out);
    print_thresholds(s, out);
    status |= summary_errors(s, out);
    status |= summary_rules(s, out);
    print_results(s, out);
    return status;
}
