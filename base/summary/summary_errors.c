#include "derived_attempts.h"
#include "summary.h"

#include "units.h"

#include <stdlib.h>
#include <string.h>

enum { KINDS_MOST = 10, CAUSE_BYTES = 320, PLACE_BYTES = TAGS_STREAM_BYTES };

/* The failures of one class in one stream, or in one of its steps. */
struct kind {
    size_t stream;
    const struct derived_row *step; /* NULL: the stream has none */
    enum outcome outcome;
    uint64_t n;
};

/* The most frequent first; equally many in the order of streams, steps and classes. */
static int by_count(const void *a, const void *b)
{
    const struct kind *x = a;
    const struct kind *y = b;
    if (x->n != y->n)
        return x->n < y->n ? 1 : -1;
    if (x->stream != y->stream)
        return x->stream > y->stream ? 1 : -1;
    if (x->step != y->step)
        return x->step > y->step ? 1 : -1;
    return (x->outcome > y->outcome) - (x->outcome < y->outcome);
}

/* Outside of warm-up. */
static uint64_t count_of(const struct summary *s, size_t stream, const struct derived_row *step,
                         enum outcome outcome)
{
    const struct derived_scope scope = { .stream = &s->run->streams[stream], .row = step };
    uint64_t n = 0;
    for (size_t i = 0; i < s->run->n_phases; i++) {
        const struct derived_phase *phase = &s->run->phases[i];
        if (!phase->warmup && strcmp(phase->stream, scope.stream->name) == 0)
            n += derived_cell_of(&scope, phase)->n_outcomes[outcome];
    }
    return n;
}

/* Adds what failed in the stream, or in its step. */
static size_t list_classes(const struct summary *s, size_t stream, const struct derived_row *step,
                           struct kind *kinds)
{
    size_t n = 0;
    for (int o = 0; o < N_OUTCOMES; o++) {
        const uint64_t count =
            outcome_is_failure((enum outcome)o) ? count_of(s, stream, step, (enum outcome)o) : 0;
        if (count == 0)
            continue;
        kinds[n] = (struct kind){ .stream = stream, .step = step, .outcome = (enum outcome)o, .n = count };
        n++;
    }
    return n;
}

static size_t n_kinds_most(const struct derived_run *run)
{
    size_t n = run->n_streams;
    for (size_t i = 0; i < run->n_streams; i++)
        n += run->streams[i].n_rows;
    return n * N_OUTCOMES;
}

static size_t list_kinds(const struct summary *s, struct kind *kinds)
{
    size_t n = 0;
    for (size_t i = 0; i < s->run->n_streams; i++) {
        const struct derived_stream *stream = &s->run->streams[i];
        if (!stream->rows)
            n += list_classes(s, i, NULL, &kinds[n]);
        for (size_t k = 0; stream->rows && k < stream->n_rows; k++)
            if (!stream->rows[k].is_session) /* each of its failures is that of a step */
                n += list_classes(s, i, &stream->rows[k], &kinds[n]);
    }
    if (n > 1)
        qsort(kinds, n, sizeof *kinds, by_count);
    return n;
}

static bool is_of(const struct summary_cause *cause, const struct kind *kind)
{
    return cause->stream == kind->stream && cause->outcome == kind->outcome &&
           strcmp(cause->step ? cause->step : "", kind->step ? kind->step->name : "") == 0;
}

/* "timeout: no answer within 1 s, and others": the class and its most frequent cause, or what the class
 * means. */
static const char *kind_text(const struct summary *s, const struct kind *kind, char *out)
{
    const struct summary_cause *most = NULL;
    size_t n = 0;
    for (size_t i = 0; i < s->n_causes; i++) {
        const struct summary_cause *cause = &s->causes[i];
        if (!is_of(cause, kind))
            continue;
        n++;
        if (!most || cause->count > most->count)
            most = cause;
    }
    const char *name = outcome_name(kind->outcome);
    const char *more = n > 1 ? ", and others" : "";
    if (!most)
        snprintf(out, CAUSE_BYTES, "%s: %s", name, outcome_words(kind->outcome));
    else if (most->status && strncmp(most->cause, "expected", 8) == 0)
        snprintf(out, CAUSE_BYTES, "%s: %u (%s)%s", name, most->status, most->cause, more);
    else if (most->status && strstr(most->cause, "status"))
        snprintf(out, CAUSE_BYTES, "%s: %s %u%s", name, most->cause, most->status, more);
    else if (most->status)
        snprintf(out, CAUSE_BYTES, "%s: %s, status %u%s", name, most->cause, most->status, more);
    else
        snprintf(out, CAUSE_BYTES, "%s: %s%s", name, most->cause, more);
    return out;
}

/* Not failures: the requests were sent again. */
static void print_resent(const struct summary *s, FILE *out)
{
    char words[SUMMARY_AGAIN_MOST][SUMMARY_WORDS_BYTES];
    const size_t n = summary_again(s, words);
    for (size_t i = 0; i < n; i++)
        summary_line(s, out, i == 0 ? "sent again" : "", "%s", words[i]);
}

/* Not failures either: connections that were closed because bytes followed a complete response. */
static void print_notes(const struct summary *s, size_t stream, FILE *out)
{
    char count[UNITS_TEXT_BYTES];
    for (size_t i = 0; i < s->n_causes; i++) {
        const struct summary_cause *cause = &s->causes[i];
        if (cause->stream == stream && cause->outcome == OUTCOME_OK)
            summary_line(s, out, "noted", "%s time%s in %s: %s", units_count_text(cause->count, count),
                         cause->count == 1 ? "" : "s", s->run->streams[stream].name, cause->cause);
    }
}

static size_t longer(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Where it failed: with a single stream its name goes without saying. Returns `out`. */
static const char *place_of(const struct summary *s, const struct kind *kind, char out[static PLACE_BYTES])
{
    const char *stream = s->run->n_streams > 1 ? s->run->streams[kind->stream].name : "";
    const char *step = kind->step ? kind->step->name : "";
    snprintf(out, PLACE_BYTES, "%s%s%s", stream, *stream && *step ? " " : "", step);
    return out;
}

/* "12  steady  connect: connection refused" */
static void print_kinds(const struct summary *s, const struct kind *kinds, size_t n, FILE *out)
{
    const size_t n_shown = n < KINDS_MOST ? n : KINDS_MOST;
    char count[UNITS_TEXT_BYTES], cause[CAUSE_BYTES], place[PLACE_BYTES];
    size_t count_width = 0, name_width = 0;
    for (size_t i = 0; i < n_shown; i++) {
        count_width = longer(count_width, strlen(units_count_text(kinds[i].n, count)));
        name_width = longer(name_width, strlen(place_of(s, &kinds[i], place)));
    }
    for (size_t i = 0; i < n_shown; i++) {
        char line[CAUSE_BYTES + PLACE_BYTES] = "";
        units_count_text(kinds[i].n, count);
        if (name_width > 0)
            snprintf(line, sizeof line, "%-*s  ", (int)name_width, place_of(s, &kinds[i], place));
        summary_line(s, out, i == 0 ? "failed" : "", "%*s%s  %s%s", (int)(count_width - strlen(count)), "",
                     count, line, kind_text(s, &kinds[i], cause));
    }
    if (n > n_shown)
        summary_line(s, out, "", "and %zu more kinds: see errors.csv", n - n_shown);
}

int summary_errors(const struct summary *s, FILE *out)
{
    struct kind *kinds = calloc(n_kinds_most(s->run) + 1, sizeof *kinds);
    if (kinds)
        print_kinds(s, kinds, list_kinds(s, kinds), out);
    const int status = kinds ? 0 : -1;
    free(kinds);
    print_resent(s, out);
    for (size_t i = 0; i < s->run->n_streams; i++)
        print_notes(s, i, out);
    return status;
}
