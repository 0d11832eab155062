#include "within_sentence.h"

#include "claims.h"
#include "units.h"
#include "within_pair.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { P50 = 500000, P99 = 990000, TEXT_BYTES = 64, WORD_MOST = 48 };
static const char ENDING[] = ".yaml";

/* The percentile with its mark, such as "5.51 ms~". */
static const char *time_of(const struct within_side *side, uint32_t p_ppm, char out[TEXT_BYTES])
{
    const struct claim *claim = claims_at(side->claims, side->cluster, p_ppm);
    char text[UNITS_TEXT_BYTES];
    snprintf(out, TEXT_BYTES, "%s%s", attempt_time_text(attempts_time(&side->attempts, p_ppm), text),
             claim ? claim_shown_mark(claim, claim_what_at(p_ppm)) : "");
    return out;
}

static const char *failed_of(const struct within_side *side, char out[TEXT_BYTES])
{
    const uint64_t n = attempts_n(&side->attempts), n_failed = side->attempts.n_failed;
    char number[UNITS_TEXT_BYTES];
    if (n_failed == 0)
        snprintf(out, TEXT_BYTES, "none");
    else
        snprintf(out, TEXT_BYTES, "%s %%",
                 n_failed == n ? "100" : units_number_text(100.0 * (double)n_failed / (double)n, number));
    return out;
}

/* "t2 failed 3.00 % of its requests, m4 none: their times do not compare." */
static void write_failures(FILE *out, const struct within_side *more, const struct within_side *less)
{
    char a[TEXT_BYTES], b[TEXT_BYTES];
    fprintf(out, "%s failed %s of its requests, %s %s: their times do not compare.", more->name,
            failed_of(more, a), less->name, failed_of(less, b));
}

static void write_difference(FILE *out, const struct within_side *a, const struct within_side *b,
                             const struct within_direction *d)
{
    char ratio[UNITS_TEXT_BYTES], interval[RUN_INTERVAL_WHY_BYTES], of_a[TEXT_BYTES], of_b[TEXT_BYTES];
    run_interval_text(&d->ratio, 1, interval);
    fprintf(out, "%s was %s than %s at %s: ", b->name, d->kind == WITHIN_SLOWER ? "slower" : "faster",
            a->name, claim_name(claim_what_at(d->p_ppm)));
    if (isfinite(d->ratio.value) && d->ratio.value > 0)
        fprintf(out, "%s times as long (95 %% interval %s), ", units_number_text(d->ratio.value, ratio),
                interval);
    fprintf(out, "%s against %s", time_of(b, d->p_ppm, of_b), time_of(a, d->p_ppm, of_a));
    if (isinf(d->ratio.value) && isfinite(d->ratio.lo))
        fprintf(out, " (95 %% interval of the ratio %s)", interval);
    fputs(".", out);
}

static void write_no_time(FILE *out, const struct within_side *a, const struct within_side *b,
                          const struct within_direction *d)
{
    const char *p = claim_name(claim_what_at(d->p_ppm));
    char of_a[TEXT_BYTES], of_b[TEXT_BYTES];
    if (d->a.state == ATTEMPT_FAILED && d->b.state == ATTEMPT_FAILED)
        fprintf(out, "Neither %s nor %s has a %s: too many of their requests failed (%s of %s, %s of %s).",
                b->name, a->name, p, failed_of(b, of_b), b->name, failed_of(a, of_a), a->name);
    else
        fprintf(out, "The %s do not compare: %s for %s and %s for %s.", p, time_of(b, d->p_ppm, of_b),
                b->name, time_of(a, d->p_ppm, of_a), a->name);
}

/* `here` says where a direction is missing: " at p99", "" where it is missing everywhere. */
static void write_at(FILE *out, const struct within_side *a, const struct within_side *b,
                     const struct within_direction *d, const char *here)
{
    const char *p = claim_name(claim_what_at(d->p_ppm));
    char interval[RUN_INTERVAL_WHY_BYTES], of_a[TEXT_BYTES], of_b[TEXT_BYTES];
    time_of(a, d->p_ppm, of_a);
    time_of(b, d->p_ppm, of_b);
    switch (d->kind) {
    case WITHIN_SLOWER:
    case WITHIN_FASTER:
        write_difference(out, a, b, d);
        break;
    case WITHIN_NOT_APART:
        fprintf(
            out,
            "This run does not tell %s and %s apart at %s (95 %% interval of the ratio %s): %s against %s.",
            b->name, a->name, p, run_interval_text(&d->ratio, 1, interval), of_b, of_a);
        break;
    case WITHIN_NO_TIME:
        write_no_time(out, a, b, d);
        break;
    case WITHIN_NO_INTERVAL:
        fprintf(out, "This run does not say which is faster%s: %s. The %s was %s for %s and %s for %s.", here,
                d->ratio.why, p, of_b, b->name, of_a, a->name);
        break;
    case WITHIN_BY_GENERATOR:
        fprintf(out,
                "The %s was %s for %s and %s for %s, but loadgen's own delay may have made the difference.",
                p, of_b, b->name, of_a, a->name);
        break;
    }
}

bool within_sentence(FILE *out, const struct within_side *a, const struct within_side *b)
{
    char of_a[TEXT_BYTES], of_b[TEXT_BYTES];
    const int failures = within_failures(a, b, P99);
    if (failures != 0) {
        write_failures(out, failures > 0 ? b : a, failures > 0 ? a : b);
        return false;
    }
    const struct within_direction p99 = within_direction_at(a, b, P99), p50 = within_direction_at(a, b, P50);
    fputs(p99.kind == WITHIN_SLOWER || p99.kind == WITHIN_FASTER ? "In this run " : "", out);
    const bool has_none = p50.kind == WITHIN_NO_INTERVAL && p99.kind == WITHIN_NO_INTERVAL;
    write_at(out, a, b, &p99, has_none ? "" : " at p99");
    fputs(" ", out);
    if (has_none)
        fprintf(out, "The medians were %s and %s.", time_of(b, P50, of_b), time_of(a, P50, of_a));
    else
        write_at(out, a, b, &p50, " at p50");
    return true;
}

/* How many characters of `word` name the scenario on a command line; 0: none that need no quotes. */
static size_t word_length(const char *word, bool is_shipped)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/-";
    const size_t n = strlen(word), end = strlen(ENDING);
    if (n > WORD_MOST || word[strspn(word, plain)] || *word == '-')
        return 0;
    return is_shipped && n > end && strcmp(word + n - end, ENDING) == 0 ? n - end : n;
}

void within_doubt(FILE *out, const char *scenario_file)
{
    static const char folder[] = "/loadgen/scenarios/";
    const char *shipped = scenario_file ? strstr(scenario_file, folder) : NULL;
    const char *word = shipped ? shipped + strlen(folder) : scenario_file ? scenario_file : "";
    const size_t n = word_length(word, shipped != NULL);
    fprintf(out, "One run per cluster is not proof; `loadgen campaign%s%.*s` would tell.", n > 0 ? " " : "",
            (int)n, word);
}
