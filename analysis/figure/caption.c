#include "caption.h"

#include "arms.h"
#include "clock.h"
#include "dataset.h"
#include "text_out.h"
#include "units.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void caption_end_own(FILE *out)
{
    putc('\n', out);
}

const char *caption_metric(enum metric headline)
{
    return headline == METRIC_RESPONSE
               ? "Response time: from when a request was due to its complete response. "
               : "Service time: from the first byte sent to the complete response. ";
}

void caption_latency(FILE *out, const struct dataset *data)
{
    fputs(caption_metric(data->headline), out);
}

static bool is_http2(const struct run_stream *stream)
{
    return stream->streams_per_connection >= 1; /* NAN: HTTP/1.1 */
}

static bool has_http2(const struct run_json *run)
{
    for (size_t i = 0; i < run->n_streams; i++)
        if (is_http2(&run->streams[i]))
            return true;
    return false;
}

/* " over HTTP/2, 10 connections of 100 streams"; " over HTTP/1.1" only beside HTTP/2. */
static void describe_protocol(FILE *out, const struct run_json *run, const struct run_stream *stream)
{
    char connections[UNITS_TEXT_BYTES], streams[UNITS_TEXT_BYTES];
    const double asked = stream->streams_per_connection;
    if (!is_http2(stream)) {
        fputs(has_http2(run) ? " over HTTP/1.1" : "", out);
        return;
    }
    fputs(" over HTTP/2", out);
    if (isfinite(stream->connections) && asked > 1)
        fprintf(out, ", %s connection%s of %s streams",
                units_count_text((uint64_t)stream->connections, connections),
                stream->connections > 1 ? "s" : "", units_count_text((uint64_t)asked, streams));
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
        describe_protocol(out, run, stream);
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
    describe_protocol(out, run, stream);
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

void caption_failed(FILE *out, uint64_t failed_n, uint64_t n)
{
    char failed[UNITS_TEXT_BYTES], all[UNITS_TEXT_BYTES], share[UNITS_TEXT_BYTES];
    units_count_text(n, all);
    if (failed_n == 0)
        fprintf(out, "none of %s", all);
    else
        fprintf(out, "%s of %s (%s %%)", units_count_text(failed_n, failed), all,
                units_number_text(100 * (double)failed_n / (double)n, share));
}

/* "m4 2 500, t2 2 500, none failed" or "m4 19 791 (none failed), t2 20 107 (531 failed, 3 cut off)". */
void caption_attempts(FILE *out, const struct dataset *data)
{
    char text[UNITS_TEXT_BYTES];
    bool all_well = true;
    for (size_t i = 0; i < data->n_arms; i++)
        all_well &= data->attempts[i].n_failed == 0 && data->attempts[i].n_censored == 0;
    fputs("Attempts: ", out);
    for (size_t i = 0; i < data->n_arms; i++) {
        const struct attempts *a = dataset_attempts(data, i);
        fprintf(out, "%s%s %s", i > 0 ? ", " : "", data->arms[i].label,
                units_count_text(attempts_n(a), text));
        if (all_well)
            continue;
        fprintf(out, " (%s failed", a->n_failed > 0 ? units_count_text(a->n_failed, text) : "none");
        if (a->n_censored > 0)
            fprintf(out, ", %s cut off by the end", units_count_text(a->n_censored, text));
        fputc(')', out);
    }
    fputs(all_well ? ", none failed. " : ". ", out);
}

void caption_period(FILE *out, uint64_t from_ns, uint64_t to_ns)
{
    enum { DATE = sizeof "2026-11-21" - 1, MINUTE = sizeof "22:10" - 1 };
    char from[CLOCK_UTC_TEXT_BYTES], to[CLOCK_UTC_TEXT_BYTES];
    clock_utc_text(from_ns, from);
    clock_utc_text(to_ns, to);
    fprintf(out, "%.*s %.*s", DATE, from, MINUTE, from + DATE + 1);
    if (strncmp(from, to, DATE) != 0)
        fprintf(out, " to %.*s %.*s", DATE, to, MINUTE, to + DATE + 1);
    else if (strncmp(from, to, DATE + 1 + MINUTE) != 0)
        fprintf(out, " to %.*s", MINUTE, to + DATE + 1);
    fputs(" UTC", out);
}

static const char *end_words(const struct dataset *data)
{
    if (strcmp(data->run.end, "done") == 0)
        return "";
    if (data->is_running)
        return ", killed before its end";
    return strcmp(data->run.end, "interrupted") == 0 ? ", interrupted" : ", ended early";
}

void caption_run(FILE *out, const struct dataset *data)
{
    char text[UNITS_TEXT_BYTES];
    const struct run_json *run = &data->run;
    fprintf(out, "Run %s, ", run->run_id);
    caption_period(out, run->t0_realtime_ns, run->t0_realtime_ns);
    fprintf(out, ", %s%s%s. ", units_duration_text((uint64_t)(run->duration_s * 1e9), text), end_words(data),
            run->emulated ? ", emulated instances" : "");
    if (data->lost_n > 0)
        fprintf(out, "hist.hlog lacks %s value%s that the run counted. ",
                units_count_text(data->lost_n, text), data->lost_n == 1 ? "" : "s");
}

void caption_of_times(FILE *out, const struct dataset *data)
{
    caption_end_own(out);
    caption_latency(out, data);
    caption_attempts(out, data);
    caption_load(out, data);
    caption_run(out, data);
}
