#include "derived_attempts.h"

#include "hist.h"
#include "span.h"
#include "tag_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_of(const char *cluster, const struct derived_scope *scope)
{
    return strcmp(cluster, scope->cluster->name) == 0;
}

bool derived_has_headline(const struct derived_run *run, const struct derived_scope *scope,
                          enum metric metric)
{
    for (size_t i = 0; i < run->n_streams; i++)
        if (is_of(run->streams[i].cluster, scope) && run->streams[i].headline == metric)
            return true;
    return false;
}

enum metric derived_headline(const struct derived_run *run)
{
    for (size_t i = 0; i < run->n_streams; i++) {
        const struct derived_cluster cluster = { .name = run->streams[i].cluster };
        const struct derived_scope scope = { .cluster = &cluster };
        if (!derived_has_headline(run, &scope, METRIC_RESPONSE))
            return METRIC_SERVICE;
    }
    return METRIC_RESPONSE;
}

enum metric derived_scope_headline(const struct derived_run *run, const struct derived_scope *scope)
{
    if (scope->row && scope->row->is_session)
        return METRIC_BUSY;
    return scope->stream ? scope->stream->headline : derived_headline(run);
}

const struct derived_cell *derived_cell_of(const struct derived_scope *scope,
                                           const struct derived_phase *phase)
{
    return scope->row && phase->cells ? &phase->cells[scope->row - scope->stream->rows] : &phase->all;
}

bool derived_is_merged(const struct derived_run *run, const struct derived_scope *scope,
                       const struct derived_stream *stream, enum metric metric)
{
    if (scope->stream)
        return stream == scope->stream;
    return is_of(stream->cluster, scope) &&
           (stream->headline == metric || !derived_has_headline(run, scope, metric));
}

static bool has_phase(const struct derived_scope *scope, const struct derived_stream *stream,
                      const struct derived_phase *phase)
{
    return strcmp(phase->stream, stream->name) == 0 && is_of(phase->cluster, scope) &&
           (scope->phase ? phase == scope->phase : !phase->warmup);
}

/* The tag names the row. */
static void merge_row(const struct derived_run *run, const struct derived_scope *scope,
                      const struct derived_stream *stream, struct tag *tag, struct hist *into)
{
    for (size_t i = 0; i < run->n_phases; i++) {
        if (!has_phase(scope, stream, &run->phases[i]))
            continue;
        snprintf(tag->phase, sizeof tag->phase, "%s", run->phases[i].name);
        const size_t row = tag_set_find(run->tags, tag);
        if (row != TAG_SET_NONE)
            hist_merge(into, run->tags->rows[row].hist);
    }
}

static void merge_stream(const struct derived_run *run, const struct derived_scope *scope,
                         const struct derived_stream *stream, struct tag *tag, struct hist *into)
{
    snprintf(tag->stream, sizeof tag->stream, "%s", stream->name);
    *tag->step = '\0';
    if (!stream->rows)
        merge_row(run, scope, stream, tag, into);
    for (size_t i = 0; stream->rows && i < stream->n_rows; i++) {
        const struct derived_row *row = &stream->rows[i];
        if (scope->row ? row != scope->row : row->is_session)
            continue;
        snprintf(tag->step, sizeof tag->step, "%s", row->name);
        merge_row(run, scope, stream, tag, into);
    }
}

static struct tag tag_of(const struct derived_scope *scope, enum metric metric, enum outcome outcome)
{
    struct tag tag = { .metric = metric, .outcome = outcome, .instance = TAGS_ALL };
    snprintf(tag.cluster, sizeof tag.cluster, "%s", scope->cluster->name);
    return tag;
}

void derived_times(const struct derived_run *run, const struct derived_scope *scope, enum metric metric,
                   enum outcome outcome, struct hist *into)
{
    struct tag tag = tag_of(scope, metric, outcome);
    for (size_t i = 0; i < run->n_streams; i++)
        if (derived_is_merged(run, scope, &run->streams[i], metric))
            merge_stream(run, scope, &run->streams[i], &tag, into);
}

static void count_failures(const struct derived_cell *cell, struct attempts *a)
{
    for (int o = 0; o < N_OUTCOMES; o++)
        if (outcome_is_failure((enum outcome)o))
            a->n_failed += cell->n_outcomes[o];
    a->n_timeout += cell->n_outcomes[OUTCOME_TIMEOUT];
    a->n_censored += cell->n_outcomes[OUTCOME_CENSORED];
}

struct attempts derived_attempts(const struct derived_run *run, const struct derived_scope *scope,
                                 enum metric headline, enum metric times, struct hist *ok, struct hist *ages)
{
    struct attempts a = { .ok = ok, .censored = ages };
    struct tag ok_tag = tag_of(scope, times, OUTCOME_OK);
    struct tag age_tag = tag_of(scope, headline, OUTCOME_CENSORED);
    hist_clear(ok);
    hist_clear(ages);
    for (size_t i = 0; i < run->n_streams; i++) {
        const struct derived_stream *stream = &run->streams[i];
        if (!derived_is_merged(run, scope, stream, headline))
            continue;
        merge_stream(run, scope, stream, &ok_tag, ok);
        merge_stream(run, scope, stream, &age_tag, ages);
        if (a.timeout_ns == 0 || (stream->timeout_ns > 0 && stream->timeout_ns < a.timeout_ns))
            a.timeout_ns = stream->timeout_ns;
        for (size_t k = 0; k < run->n_phases; k++)
            if (has_phase(scope, stream, &run->phases[k]))
                count_failures(derived_cell_of(scope, &run->phases[k]), &a);
    }
    if (a.n_censored < ages->n)
        a.n_censored = ages->n;
    return a;
}

static bool is_active(const struct derived_phase *phase)
{
    return strcmp(phase->kind, "pause") != 0 && phase->start_ns != DERIVED_NONE &&
           phase->end_ns != DERIVED_NONE;
}

int derived_count(const struct derived_run *run, const struct derived_scope *scope, enum metric headline,
                  struct derived_count *out)
{
    struct span *spans = calloc(run->n_phases + 1, sizeof *spans);
    size_t n_spans = 0;
    *out = (struct derived_count){ 0 };
    for (size_t i = 0; spans && i < run->n_streams; i++) {
        const struct derived_stream *stream = &run->streams[i];
        for (size_t k = 0; derived_is_merged(run, scope, stream, headline) && k < run->n_phases; k++) {
            const struct derived_phase *phase = &run->phases[k];
            if (!has_phase(scope, stream, phase))
                continue;
            out->n_ok += derived_cell_of(scope, phase)->n_outcomes[OUTCOME_OK];
            out->n_late += derived_cell_of(scope, phase)->n_late;
            if (is_active(phase))
                spans[n_spans++] = (struct span){ phase->start_ns, phase->end_ns };
        }
    }
    out->active_ns = spans ? span_union_ns(spans, n_spans) : 0;
    free(spans);
    return spans ? 0 : -1;
}
