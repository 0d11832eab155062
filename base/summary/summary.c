#include "summary.h"
#include "derived_attempts.h"

#include "term.h"
#include "units.h"

#include <limits.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *summary_end(const struct summary *s, char words[SUMMARY_END_BYTES])
{
    static const struct {
        const char *end, *heading, *before, *after;
    } endings[] = {
        { "interrupted", "interrupted", "after ", "; the results cover that time" },
        { "aborted", "ended early", "after ", ": a threshold with `abort`, or a step, ended it" },
        { "failed", "run failed", "after ", "; the results are not complete" },
        { "running", "running", "still, or killed; these are its results after ", "" },
    };
    char length[UNITS_TEXT_BYTES];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (strcmp(s->end, endings[i].end) == 0) {
            snprintf(words, SUMMARY_END_BYTES, "%s%s%s", endings[i].before,
                     units_duration_text(s->duration_ns, length), endings[i].after);
            return endings[i].heading;
        }
    return NULL;
}

static void print_end(const struct summary *s, FILE *out)
{
    char words[SUMMARY_END_BYTES];
    const char *heading = summary_end(s, words);
    if (heading)
        summary_line(s, out, heading, "%s", words);
}

/* Sums of the phases, in warm-up or outside of it. */
static uint64_t count(const struct summary *s, bool warmup, bool (*is_meant)(enum outcome))
{
    uint64_t n = 0;
    for (size_t i = 0; i < s->run->n_phases; i++)
        for (int o = 0; o < N_OUTCOMES && s->run->phases[i].warmup == warmup; o++)
            n += is_meant((enum outcome)o) ? s->run->phases[i].all.n_outcomes[o] : 0;
    return n;
}

static bool is_done(enum outcome outcome)
{
    return outcome == OUTCOME_OK || outcome_is_failure(outcome);
}

/* Passes of sessions that were cut off, outside of warm-up. */
static uint64_t count_cut_sessions(const struct summary *s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s->run->n_streams; i++)
        for (size_t k = 0; k < s->run->streams[i].n_rows; k++) {
            const struct derived_scope scope = { .stream = &s->run->streams[i],
                                                 .row = &s->run->streams[i].rows[k] };
            for (size_t p = 0; scope.row->is_session && p < s->run->n_phases; p++) {
                const struct derived_phase *phase = &s->run->phases[p];
                if (!phase->warmup && strcmp(phase->stream, scope.stream->name) == 0)
                    n += derived_cell_of(&scope, phase)->n_outcomes[OUTCOME_CENSORED];
            }
        }
    return n;
}

static bool is_censored(enum outcome outcome)
{
    return outcome == OUTCOME_CENSORED;
}

static void print_left_out(const struct summary *s, FILE *out)
{
    char text[UNITS_TEXT_BYTES], failed[UNITS_TEXT_BYTES];
    const uint64_t n_warmup = count(s, true, is_done);
    const uint64_t n_failed = count(s, true, outcome_is_failure);
    const uint64_t n_censored = count(s, false, is_censored);
    const uint64_t n_cut = count_cut_sessions(s);
    if (n_warmup > 0 && n_failed > 0)
        summary_line(s, out, "warm-up", "%s request%s, left out above; %s of them failed",
                     units_count_text(n_warmup, text), n_warmup == 1 ? "" : "s",
                     units_count_text(n_failed, failed));
    else if (n_warmup > 0)
        summary_line(s, out, "warm-up", "%s request%s, left out above", units_count_text(n_warmup, text),
                     n_warmup == 1 ? "" : "s");
    if (n_censored > 0)
        summary_line(s, out, "cut off", "%s request%s by the end of the run: neither good nor failed",
                     units_count_text(n_censored, text), n_censored == 1 ? "" : "s");
    if (n_cut > 0)
        summary_line(s, out, n_censored > 0 ? "" : "cut off", "%s session%s, neither good nor failed either",
                     units_count_text(n_cut, text), n_cut == 1 ? "" : "s");
}

static void print_late(const struct summary *s, FILE *out)
{
    char text[UNITS_TEXT_BYTES];
    uint64_t n = 0, n_ok = 0;
    for (size_t i = 0; i < s->run->n_phases; i++) {
        n += s->run->phases[i].warmup ? 0 : s->run->phases[i].all.n_late;
        n_ok += s->run->phases[i].warmup ? 0 : s->run->phases[i].all.n_outcomes[OUTCOME_OK];
    }
    if (n * 100 > n_ok)
        summary_line(s, out, "late", "%s good answer%s came after the planned end and count%s in no rate",
                     units_count_text(n, text), n == 1 ? "" : "s", n == 1 ? "s" : "");
}

/* A rate divides by the planned length of its phases, and a burst has none. */
static void print_no_rate(const struct summary *s, FILE *out)
{
    const struct claim_row *row;
    bool lacks_rate = false;
    for (size_t i = 0; (row = summary_row(s, i)); i++)
        lacks_rate |= row->n > 0 && !isfinite(row->claims[CLAIM_RATE].rate_per_s);
    if (lacks_rate)
        summary_line(s, out, "good/s -", "a burst is sent at once: it has no length, and so no rate");
}

static void print_missing(const struct summary *s, FILE *out, uint64_t n, uint64_t n_all, const char *why)
{
    char missing[UNITS_TEXT_BYTES], all[UNITS_TEXT_BYTES];
    if (n > 0)
        summary_line(s, out, "log", "%s of %s requests are missing from requests.csv: %s",
                     units_count_text(n, missing), units_count_text(n_all, all), why);
}

static void print_log(const struct summary *s, FILE *out)
{
    const uint64_t n_all = s->n_log_rows + s->n_log_dropped + s->n_log_unwritten;
    print_missing(s, out, s->n_log_dropped, n_all, "the disk could not keep up");
    print_missing(s, out, s->n_log_unwritten, n_all, "it could not be written any more");
}

static void print_thresholds(const struct summary *s, FILE *out)
{
    size_t n_not_held = 0;
    const char *unjudged = summary_unjudged(s);
    if (unjudged) {
        if (s->n_thresholds > 0)
            summary_line(s, out, s->n_thresholds == 1 ? "threshold" : "thresholds", "not judged: %s",
                         unjudged);
        return;
    }
    for (size_t i = 0; i < s->n_thresholds; i++) {
        char was[UNITS_TEXT_BYTES];
        const struct threshold_result *t = &s->thresholds[i];
        if (t->held == THRESHOLD_HELD)
            continue;
        n_not_held++;
        summary_line(s, out, "threshold", "%s: %s; %s", threshold_held_words(t->held), t->text,
                     threshold_was_text(t, was));
    }
    if (s->n_thresholds == 1 && n_not_held == 0)
        summary_line(s, out, "threshold", "held");
    else if (s->n_thresholds > 0 && n_not_held == 0)
        summary_line(s, out, "thresholds", "all %zu held", s->n_thresholds);
}

/* The report takes the newest run when it is given none. Its folder goes by the link's target, whichever name
 * was given. */
static const char *latest_name(const char *folder, char path[PATH_MAX])
{
    static const char results[] = "results/";
    struct stat latest, own;
    if (stat("results/latest", &latest) || stat(folder, &own) || latest.st_dev != own.st_dev ||
        latest.st_ino != own.st_ino)
        return NULL;
    memcpy(path, results, sizeof results);
    const ssize_t n = readlink("results/latest", path + strlen(results), PATH_MAX - sizeof results);
    if (n <= 0)
        return NULL;
    path[strlen(results) + (size_t)n] = '\0';
    return strchr(path + strlen(results), '/') ? NULL : path;
}

static void print_next(const struct summary *s, FILE *out)
{
    static const char next[] = "next: loadgen analysis report";
    if (!s->folder)
        return;
    char path[PATH_MAX];
    const char *latest = latest_name(s->folder, path);
    fputs("  ", out);
    if (latest && strlen(latest) + sizeof next + 6 <= (size_t)summary_columns(s)) {
        term_name(out, latest);
        fprintf(out, "     %s\n", next);
        return;
    }
    fprintf(out, "%s ", next);
    term_word(out, s->folder);
    putc('\n', out);
}

static void print_http2(const struct summary *s, FILE *out)
{
    char words[SUMMARY_HTTP2_MOST][SUMMARY_WORDS_BYTES];
    const size_t n = summary_http2(s, words);
    for (size_t i = 0; i < n; i++)
        summary_line(s, out, i == 0 ? "HTTP/2" : "", "%s", words[i]);
}

int summary_print(const struct summary *s, FILE *out)
{
    int status = 0;
    summary_title(s, out);
    const unsigned shown = summary_table(s, out, &status);
    putc('\n', out);
    print_end(s, out);
    status |= summary_generators(s, out);
    status |= summary_verdict(s, out);
    status |= summary_details(s, out);
    print_http2(s, out);
    status |= summary_errors(s, out);
    print_thresholds(s, out);
    if (!s->lacks_times)
        status |= summary_instances(s, out);
    print_left_out(s, out);
    print_late(s, out);
    print_no_rate(s, out);
    print_log(s, out);
    summary_claims(s, shown, out);
    status |= summary_rules(s, out);
    print_next(s, out);
    return status;
}
