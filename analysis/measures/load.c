#include "load.h"

#include "arms.h"
#include "dataset.h"
#include "units.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct text {
    char *out;
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *t, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    const int n = vsnprintf(t->out + t->used, LOAD_TEXT_BYTES - t->used, format, values);
    va_end(values);
    t->used += (size_t)n < LOAD_TEXT_BYTES - t->used ? (size_t)n : LOAD_TEXT_BYTES - 1 - t->used;
}

static void add_count(struct text *t, double n, const char *what)
{
    char text[UNITS_TEXT_BYTES];
    if (isfinite(n))
        add(t, ", %s %s%s", units_count_text((uint64_t)n, text), what, n == 1 ? "" : "s");
}

static const char *unit_of(const struct run_stream *stream, const struct run_phase *phase)
{
    if (strcmp(phase->kind, "burst") == 0)
        return "at once";
    if (strcmp(phase->kind, "replay") == 0)
        return "recorded requests";
    return stream->rows && !stream->open ? "passes" : "requests";
}

static void add_phase(struct text *t, const struct run_stream *stream, const struct run_phase *phase)
{
    char from[UNITS_TEXT_BYTES], to[UNITS_TEXT_BYTES];
    const bool has_rate = isfinite(phase->rate_per_s);
    add(t, "%s", phase->warmup ? "warm-up " : "");
    if (strcmp(phase->kind, "pause") == 0)
        add(t, "pause");
    else if (has_rate && isfinite(phase->rate_end_per_s) && phase->rate_end_per_s != phase->rate_per_s)
        add(t, "%s/s to %s/s", units_limit_text(phase->rate_per_s, from),
            units_limit_text(phase->rate_end_per_s, to));
    else if (has_rate)
        add(t, "%s/s", units_limit_text(phase->rate_per_s, from));
    else if (isfinite(phase->requests_n))
        add(t, "%s %s", units_count_text((uint64_t)phase->requests_n, from), unit_of(stream, phase));
    else
        add(t, "for a time");
}

/* "8 connections of 10 streams"; over HTTP/1.1 "80 connections". */
static void add_connections(struct text *t, const struct run_stream *stream)
{
    char text[UNITS_TEXT_BYTES];
    add_count(t, stream->connections, "connection");
    if (stream->streams_per_connection > 1) /* not NAN */
        add(t, " of %s streams", units_count_text((uint64_t)stream->streams_per_connection, text));
}

static void add_stream(struct text *t, const struct run_json *run, const struct run_stream *stream,
                       bool has_connections)
{
    bool is_first = true;
    add(t, "%s%s", t->used > 0 ? "; " : "", stream->open && stream->arrivals ? stream->arrivals : "closed");
    add_count(t, stream->users, "user");
    if (has_connections)
        add_connections(t, stream);
    for (size_t i = 0; i < run->n_phases; i++)
        if (strcmp(run->phases[i].stream, stream->name) == 0) {
            add(t, "%s", is_first ? ": " : ", ");
            add_phase(t, stream, &run->phases[i]);
            is_first = false;
        }
}

static bool is_of(const struct dataset *data, size_t arm, const struct run_stream *stream)
{
    return strcmp(stream->cluster, data->arms[arm].cluster) == 0;
}

static const char *words(const struct dataset *data, size_t arm, bool has_connections, char *out)
{
    struct text t = { .out = out };
    out[0] = '\0';
    for (size_t i = 0; i < data->run.n_streams; i++)
        if (is_of(data, arm, &data->run.streams[i]))
            add_stream(&t, &data->run, &data->run.streams[i], has_connections);
    return out;
}

const char *load_words(const struct dataset *data, size_t arm, char *out)
{
    return words(data, arm, true, out);
}

const char *load_without_connections(const struct dataset *data, size_t arm, char *out)
{
    return words(data, arm, false, out);
}

const char *load_protocol(const struct dataset *data, size_t arm)
{
    bool has_1 = false, has_2 = false;
    for (size_t i = 0; i < data->run.n_streams; i++) {
        const struct run_stream *stream = &data->run.streams[i];
        if (!is_of(data, arm, stream))
            continue;
        has_2 |= stream->streams_per_connection >= 1;
        has_1 |= !(stream->streams_per_connection >= 1);
    }
    return !has_2 ? "HTTP/1.1" : has_1 ? "HTTP/1.1 and HTTP/2" : "HTTP/2";
}

double load_timed_s(const struct dataset *data, size_t arm)
{
    static const char *const timed[] = { "duration", "rate", "ramp" };
    double sum_s = 0;
    for (size_t i = 0; i < data->run.n_phases; i++) {
        const struct run_phase *phase = &data->run.phases[i];
        const double took_s = phase->end_s - phase->start_s;
        if (phase->warmup || !isfinite(took_s) || strcmp(phase->cluster, data->arms[arm].cluster) != 0)
            continue;
        for (size_t k = 0; k < sizeof timed / sizeof *timed; k++)
            sum_s += strcmp(phase->kind, timed[k]) == 0 ? took_s : 0;
    }
    return sum_s;
}
