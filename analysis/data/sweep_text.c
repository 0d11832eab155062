#include "sweep.h"

#include "hist.h"
#include "table.h"
#include "units.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { P99_PPM = 990000, BEYOND_LEAST = 10 };

static const char *rate_text(double per_s, char *text)
{
    return units_number_text(per_s, text);
}

/* A cluster without a name is the target, which has a URL. */
static const char *who(const struct sweep *s, const struct sweep_cluster *c)
{
    const bool is_url = s->n_clusters == 1 && strcmp(c->name, "target") == 0 && s->first.target_url;
    return is_url ? s->first.target_url : c->series;
}

static void write_cluster(FILE *out, const struct sweep *s, const struct sweep_cluster *c, bool is_first)
{
    char rate[UNITS_TEXT_BYTES];
    const bool is_generator = isfinite(c->fails_per_s) && c->why == SWEEP_GENERATOR;
    const bool is_least = is_generator || !isfinite(c->fails_per_s);
    if (isfinite(c->sustains_per_s))
        fprintf(out, is_least ? "%s sustains at least %s/s" : "%s sustains %s/s", who(s, c),
                rate_text(c->sustains_per_s, rate));
    else if (is_generator)
        fprintf(out, "%sothing is known of %s", is_first ? "N" : "n", who(s, c));
    else
        fprintf(out, "%s does not sustain %s/s", who(s, c), rate_text(c->first_per_s, rate));
}

static void write_thresholds(FILE *out, const struct run_json *run)
{
    for (size_t i = 0; i < run->n_thresholds; i++)
        fprintf(out, "%s%s", i == 0 ? ", with " : " and ", run->thresholds[i].text);
}

static bool is_known(const struct sweep_cluster *c)
{
    return isfinite(c->sustains_per_s) || c->why != SWEEP_GENERATOR;
}

void sweep_sentence(FILE *out, const struct sweep *s)
{
    size_t n_known = 0;
    for (size_t i = 0; i < s->n_clusters; i++)
        n_known += is_known(&s->clusters[i]);
    if (n_known == 0) {
        fputs(s->n_clusters > 0 ? "Nothing is known: loadgen was the limit at the first rate."
                                : "The sweep was ended before its first step.",
              out);
        return;
    }
    for (size_t i = 0; i < s->n_clusters; i++) {
        fputs(i == 0 ? "" : i + 1 == s->n_clusters ? " and " : ", ", out);
        write_cluster(out, s, &s->clusters[i], i == 0);
    }
    write_thresholds(out, &s->first);
    fputs(".", out);
}

static void doubt_cluster(FILE *out, const struct sweep *s, const struct sweep_cluster *c)
{
    char sustains[UNITS_TEXT_BYTES], fails[UNITS_TEXT_BYTES];
    rate_text(isfinite(c->fails_per_s) ? c->fails_per_s : c->first_per_s, fails);
    if (!isfinite(c->sustains_per_s))
        fprintf(out, "Of %s only %s/s was tried: %s. ", who(s, c), fails, sweep_result_words(c->why));
    else if (!isfinite(c->fails_per_s))
        fprintf(out, "No higher rate of %s was tried. ", who(s, c));
    else if (c->why == SWEEP_GENERATOR)
        fprintf(out, "At %s/s to %s loadgen was the limit. ", fails, who(s, c));
    else
        fprintf(out, "The limit of %s lies between %s/s, which held, and %s/s, at which %s. ", who(s, c),
                rate_text(c->sustains_per_s, sustains), fails, sweep_result_words(c->why));
}

/* Length of a step's measured phase; NAN when the first run is gone. */
static double measured_s(const struct run_json *run)
{
    for (size_t i = 0; i < run->n_phases; i++)
        if (!run->phases[i].warmup)
            return run->phases[i].end_s - run->phases[i].start_s;
    return NAN;
}

static void doubt_few(FILE *out, const struct sweep *s)
{
    size_t n_few = 0;
    for (size_t i = 0; i < s->n_steps; i++)
        n_few += s->steps[i].n > 0 && hist_n_beyond(s->steps[i].n, P99_PPM) < BEYOND_LEAST;
    if (n_few > 0)
        fprintf(out, "p99 rests on fewer than ten requests in %zu of %zu step%s: make them longer (-d). ",
                n_few, s->n_steps, s->n_steps == 1 ? "" : "s");
}

void sweep_doubts(FILE *out, const struct sweep *s)
{
    char length[UNITS_TEXT_BYTES];
    const double step_s = measured_s(&s->first);
    size_t n_generator = 0;
    for (size_t i = 0; i < s->n_clusters; i++)
        doubt_cluster(out, s, &s->clusters[i]);
    for (size_t i = 0; i < s->n_steps; i++)
        n_generator += s->steps[i].result == SWEEP_GENERATOR;
    if (n_generator > 0)
        fprintf(out, "In %zu of the %zu steps loadgen was the limit; they say nothing about the target. ",
                n_generator, s->n_steps);
    doubt_few(out, s);
    if (s->n_lost > 0)
        fprintf(out, "loadcurve.csv lacks %zu step%s whose run%s there, such as %s: it was cut short. ",
                s->n_lost, s->n_lost == 1 ? "" : "s", s->n_lost == 1 ? " is" : "s are", s->lost);
    if (step_s > 0)
        fprintf(out, "Each step measured %s at one rate",
                units_duration_text((uint64_t)(step_s * 1e9), length));
    fputs(step_s > 0 ? "; a second sweep would show how far a limit moves."
                     : "A second sweep would show how far a limit moves.",
          out);
    if (s->first.root && s->first.n_thresholds == 0)
        fputs(
            " No threshold was set: a rate held when its requests were answered and their queue did not keep "
            "growing, however long they took.",
            out);
    if (s->first.emulated)
        fputs(" The instances are emulated on one machine: the numbers describe the emulation and not AWS.",
              out);
}

const char *sweep_time_text(const struct sweep_time *time, char *out)
{
    static const char *const signs[] = {
        [ATTEMPT_EXACT] = "", [ATTEMPT_AT_LEAST] = ">= ", [ATTEMPT_FAILED] = "> "
    };
    char number[UNITS_TEXT_BYTES];
    const double ms = time->state == ATTEMPT_EXACT ? time->value_ms : time->at_least_ms;
    if (time->state == ATTEMPT_NONE)
        snprintf(out, SWEEP_TIME_TEXT_BYTES, "-");
    else if (!isfinite(ms))
        snprintf(out, SWEEP_TIME_TEXT_BYTES, "none");
    else
        snprintf(out, SWEEP_TIME_TEXT_BYTES, "%s%.30s%s", signs[time->state], units_number_text(ms, number),
                 claim_mark(time->level));
    return out;
}

int sweep_print(FILE *out, const struct sweep *s)
{
    static const char *const heads[] = { "", "asked for", "good answers", "p50", "p99", "" };
    enum { N_HEADS = sizeof heads / sizeof *heads };
    struct table t = { 0 };
    for (size_t i = 0; i < N_HEADS; i++)
        table_column(&t, i >= 1 && i <= 4 ? TABLE_RIGHT : TABLE_LEFT, i == 0 ? 2 : 3);
    for (size_t i = 0; i < N_HEADS; i++)
        table_cell(&t, "%s", heads[i]);
    for (size_t i = 0; i < s->n_steps; i++) {
        const struct sweep_step *step = &s->steps[i];
        char text[SWEEP_TIME_TEXT_BYTES];
        table_cell(&t, "%s", s->clusters[step->cluster].series);
        table_cell(&t, "%s/s", rate_text(step->offered_per_s, text));
        table_cell(&t, "%s/s%s", rate_text(step->achieved_per_s, text), claim_mark(step->rate_level));
        table_cell(&t, "%s", sweep_time_text(&step->times[SWEEP_P50], text));
        table_cell(&t, "%s", sweep_time_text(&step->times[SWEEP_P99], text));
        table_cell(&t, "%s", sweep_result_words(step->result));
    }
    const int status = table_print(&t, out);
    table_fini(&t);
    fputs(
        "  times in ms: within them so many per cent of all requests got a good answer; loadgen's own part:\n"
        "  ~ some, ! too much to quote, ? not known\n",
        out);
    return status;
}
