#include "caption.h"

#include "arms.h"
#include "comparison.h"
#include "dataset.h"
#include "summary_checks.h"
#include "text_out.h"
#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void caption_latency(FILE *out, const struct dataset *data)
{
    if (data->headline == METRIC_RESPONSE)
        fputs("Response time: from the moment a request was due to its complete response, successful "
              "requests only. ",
              out);
    else
        fputs("Service time: from the first byte sent to the complete response, successful requests only. ",
              out);
}

/* The load model of a stream: "1 user, who waits for each answer" or "poisson arrivals, 200 to 600 per
 * second". */
static void describe_stream(FILE *out, const struct run_json *run, const struct run_stream *stream)
{
    char a[UNITS_TEXT_BYTES], b[UNITS_TEXT_BYTES];
    if (!stream->open) {
        const double users = isfinite(stream->users) ? stream->users : 1;
        fprintf(out, "%s user%s who wait%s for each answer", units_count_text((uint64_t)users, a),
                users > 1 ? "s" : "", users > 1 ? "" : "s");
        return;
    }
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < run->n_phases; i++) {
        const struct run_phase *phase = &run->phases[i];
        if (phase->warmup || strcmp(phase->stream, stream->name) != 0 || !isfinite(phase->rate_per_s))
            continue;
        const double end = isfinite(phase->rate_end_per_s) ? phase->rate_end_per_s : phase->rate_per_s;
        least = fmin(least, fmin(phase->rate_per_s, end));
        most = fmax(most, fmax(phase->rate_per_s, end));
    }
    fprintf(out, "%s arrivals", stream->arrivals ? stream->arrivals : "scheduled");
    if (most > least)
        fprintf(out, ", %s to %s per second", units_limit_text(least, a), units_limit_text(most, b));
    else if (most > 0)
        fprintf(out, ", %s per second", units_limit_text(most, a));
}

/* Owned text of describe_stream; NULL when memory is short. */
static char *stream_text(const struct run_json *run, const struct run_stream *stream)
{
    struct text_out text;
    if (text_out_begin(&text))
        describe_stream(text.file, run, stream);
    return text_out_end(&text);
}

/* Streams with the same load model share one phrase. */
void caption_load(FILE *out, const struct dataset *data)
{
    const struct run_json *run = &data->run;
    char **texts = calloc(run->n_streams + 1, sizeof *texts);
    const char *separator = "Load: ";
    for (size_t i = 0; texts && i < run->n_streams; i++)
        texts[i] = stream_text(run, &run->streams[i]);
    for (size_t i = 0; texts && i < run->n_streams; i++) {
        size_t first = 0, same = 0;
        while (first < i && !(texts[first] && texts[i] && strcmp(texts[first], texts[i]) == 0))
            first++;
        if (first < i || !texts[i])
            continue;
        for (size_t k = i; k < run->n_streams; k++)
            same += texts[k] && strcmp(texts[k], texts[i]) == 0;
        fprintf(out, same > 1 ? "%s%zu streams, each of %s" : "%s%zu stream of %s", separator, same,
                texts[i]);
        separator = "; ";
    }
    fputs(". ", out);
    for (size_t i = 0; texts && i < run->n_streams; i++)
        free(texts[i]);
    free(texts);
}

void caption_counts(FILE *out, const struct dataset *data)
{
    fputs("n = ", out);
    for (size_t i = 0; i < data->n_arms; i++) {
        char text[UNITS_TEXT_BYTES];
        fprintf(out, "%s%s %s",
                i == 0                  ? ""
                : i + 1 == data->n_arms ? " and "
                                        : ", ",
                units_count_text(data->latency[i]->n, text), data->arms[i].label);
    }
    fputs(". ", out);
}

/* "INVALID (R2: the generator's share of p99, and 6 more)". */
static void describe_verdict(FILE *out, const struct run_json *run)
{
    enum { LINES_MOST = 3 };
    struct summary_check lines[LINES_MOST];
    const size_t n = summary_checks(run->checks, run->n_checks, lines, LINES_MOST);
    fprintf(out, "Verdict on the generator: %s", run->verdict);
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "%s%s: %s", i == 0 ? " (" : "; ", lines[i].worst->rule, lines[i].worst->what);
        if (lines[i].n_more > 0)
            fprintf(out, " and %zu more", lines[i].n_more);
    }
    fputs(n ? "). " : ". ", out);
}

void caption_tail(FILE *out, const struct dataset *data)
{
    char text[UNITS_TEXT_BYTES];
    const struct run_json *run = &data->run;
    fprintf(out, "One run of %s, %s%s. ", units_duration_text((uint64_t)(run->duration_s * 1e9), text),
            run->started_utc,
            strcmp(run->end, "done") == 0          ? ""
            : data->is_running                     ? ", killed before its end"
            : strcmp(run->end, "interrupted") == 0 ? ", interrupted"
                                                   : ", ended early");
    if (data->lost_n > 0)
        fprintf(out, "hist.hlog lacks %s values that the run counted. ",
                units_count_text(data->lost_n, text));
    if (run->emulated)
        fputs("Instances are emulated. ", out);
    describe_verdict(out, run);
    fprintf(out, "Run %s.", run->run_id);
}

void caption_of_times(FILE *out, const struct dataset *data)
{
    caption_latency(out, data);
    caption_counts(out, data);
    caption_load(out, data);
    caption_tail(out, data);
}

void caption_comparison(FILE *out, const struct dataset *data)
{
    const struct comparison *c = data->comparison;
    if (c->within_run) {
        caption_of_times(out, data);
        return;
    }
    const struct comparison_pair *pair = comparison_first(c);
    size_t n_invalid = 0;
    uint64_t ok_n = 0;
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        n_invalid += strcmp(c->pairs[i].a.verdict, "INVALID") == 0;
        n_invalid += strcmp(c->pairs[i].b.verdict, "INVALID") == 0;
        ok_n += c->pairs[i].a.ok_n + c->pairs[i].b.ok_n;
    }
    char text[UNITS_TEXT_BYTES];
    fprintf(out, "%s. ",
            pair && pair->a.headline == METRIC_RESPONSE
                ? "Response time: from the moment a request was due to its complete response"
                : "Service time: from the first byte sent to the complete response");
    fprintf(out, "n = %zu pair%s and %zu control%s, %s successful requests. ", c->n_pairs,
            c->n_pairs == 1 ? "" : "s", c->n_controls, c->n_controls == 1 ? "" : "s",
            units_count_text(ok_n, text));
    if (pair && pair->a.emulated)
        fputs("Instances are emulated. ", out);
    if (n_invalid > 0)
        fprintf(out, "%zu runs are INVALID: the generator cannot be excluded as the cause. ", n_invalid);
    else
        fputs("Verdict on the generator: no run is INVALID. ", out);
    if (c->n_broken > 0)
        fprintf(out, "%zu more pair%s left out: %s. ", c->n_broken, c->n_broken == 1 ? " is" : "s are",
                c->why_broken);
    if (pair)
        fprintf(out, "Runs %s and %zu more.", pair->a.run_id, 2 * (c->n_pairs + c->n_controls) - 1);
}
