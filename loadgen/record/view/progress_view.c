#include "progress_view.h"

#include "units.h"

#include <inttypes.h>
#include <string.h>

enum { BAR_WIDTH = 20, LINE_BYTES = 512, GENERATORS_BYTES = 256, NAME_WIDTH_LEAST = 5, NAME_WIDTH_MOST = 32 };

/* Title, blank line, streams, blank line, foot. */
enum { LINES_BESIDE_STREAMS = 4 };

static void clock_text(uint64_t s, char out[UNITS_TEXT_BYTES])
{
    if (s < 3600)
        snprintf(out, UNITS_TEXT_BYTES, "%02" PRIu64 ":%02" PRIu64, s / 60, s % 60);
    else
        snprintf(out, UNITS_TEXT_BYTES, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, s / 3600, s / 60 % 60,
                 s % 60);
}

static void elapsed_text(const struct progress_view *v, char *out, size_t out_bytes)
{
    char elapsed[UNITS_TEXT_BYTES], total[UNITS_TEXT_BYTES];
    clock_text(v->elapsed_s, elapsed);
    clock_text(v->total_s, total);
    if (v->total_s == 0)
        snprintf(out, out_bytes, "%s", elapsed);
    else
        snprintf(out, out_bytes, "%s of %s%s", elapsed, v->is_estimate ? "about " : "", total);
}

static void generator_text(const struct progress_view *v, char *out, size_t out_bytes)
{
    char lag[UNITS_TEXT_BYTES];
    if (v->generators) {
        snprintf(out, out_bytes, "%s", v->generators);
        return;
    }
    const int n = snprintf(out, out_bytes, "generator: %.0f %% CPU", v->cpu_pct);
    if (v->has_lag)
        snprintf(out + n, out_bytes - (size_t)n, ", lag p99 %s", units_duration_text(v->lag_p99_ns, lag));
}

static void count_text(const struct progress_stream *s, char *out, size_t out_bytes)
{
    char done[UNITS_TEXT_BYTES], total[UNITS_TEXT_BYTES];
    units_count_text(s->has_passes ? s->n_passes : s->n_done, done);
    if (s->n_total > 0)
        snprintf(out, out_bytes, "%s/%s%s", done, units_count_text(s->n_total, total),
                 s->has_passes ? " passes" : "");
    else
        snprintf(out, out_bytes, "%s", done);
}

/* One unit for all streams, to compare them at a glance. */
struct unit {
    const char *name;
    double ns;
};

static struct unit choose_unit(const struct progress_view *v)
{
    uint64_t p50_ns = v->sum.p50.value_ns;
    for (size_t i = 0; i < v->n_streams; i++)
        if (v->streams[i].p50.value_ns > p50_ns)
            p50_ns = v->streams[i].p50.value_ns;
    if (p50_ns > 0 && p50_ns < NS_PER_MS)
        return (struct unit){ "us", 1e3 };
    return p50_ns < 10 * NS_PER_S ? (struct unit){ "ms", 1e6 } : (struct unit){ "s", 1e9 };
}

/* A number, ">1 000" where the rest timed out, "none" where it failed otherwise, "-" without attempts. */
static const char *time_text(struct attempt_time time, struct unit unit, char out[UNITS_TEXT_BYTES])
{
    const bool is_exact = time.state == ATTEMPT_EXACT;
    const uint64_t ns = is_exact ? time.value_ns : time.at_least_ns;
    char number[UNITS_TEXT_BYTES];
    if (time.state == ATTEMPT_NONE || (time.state == ATTEMPT_FAILED && ns == 0))
        snprintf(out, UNITS_TEXT_BYTES, "%s", time.state == ATTEMPT_NONE ? "-" : "none");
    else
        snprintf(out, UNITS_TEXT_BYTES, "%s%.24s", is_exact ? "" : ">",
                 units_number_text((double)ns / unit.ns, number));
    return out;
}

/* The widths of the columns that vary, and which columns fit. */
struct layout {
    int name, count, time, phase; /* phase 0: left out */
    bool has_bar, has_p50, has_p99, has_rate;
    struct unit unit;
};

static bool is_number(struct attempt_time time)
{
    return time.state == ATTEMPT_EXACT || time.at_least_ns > 0;
}

/* "   p50  2.31   p99  4.90 ms": the unit once, behind the last number. All lines are equally long. */
static int times_text(const struct progress_stream *s, const struct layout *l, char *out, size_t out_bytes)
{
    char text[UNITS_TEXT_BYTES];
    const int unit_width = (int)strlen(l->unit.name) + 1;
    const bool is_last = l->has_p50 && is_number(s->p50) && !is_number(s->p99);
    int n = 0;
    if (l->has_p50)
        n += snprintf(out, out_bytes, "   p50 %*s%s%s", l->time, time_text(s->p50, l->unit, text),
                      is_last ? " " : "", is_last ? l->unit.name : "");
    if (l->has_p99)
        n += snprintf(out + n, out_bytes - (size_t)n, "   p99 %*s%s%-*s", l->time,
                      time_text(s->p99, l->unit, text), is_number(s->p99) ? " " : "",
                      is_number(s->p99) ? unit_width - 1
                      : is_last         ? 0
                                        : unit_width,
                      is_number(s->p99) ? l->unit.name : "");
    return n;
}

static const char *rate_text(double rate_per_s, char out[UNITS_TEXT_BYTES])
{
    return rate_per_s > 0 ? units_number_text(rate_per_s, out) : "0";
}

static void bar_text(double fraction, char out[BAR_WIDTH + 1])
{
    const double part = fraction < 0 ? 0 : fraction > 1 ? 1 : fraction;
    const int n = (int)(part * BAR_WIDTH + 0.5);
    memset(out, ' ', BAR_WIDTH);
    memset(out, '#', (size_t)n);
    out[BAR_WIDTH] = '\0';
}

static int larger(int width, const char *text)
{
    const int n = (int)strlen(text);
    return n > width ? n : width;
}

static struct layout measure(const struct progress_view *v)
{
    struct layout l = { .name = NAME_WIDTH_LEAST,
                        .count = 9,
                        .time = 5,
                        .has_bar = true,
                        .has_p50 = true,
                        .has_p99 = true,
                        .has_rate = true,
                        .unit = choose_unit(v) };
    for (size_t i = 0; i < v->n_streams; i++) {
        char count[2 * UNITS_TEXT_BYTES], time[UNITS_TEXT_BYTES];
        count_text(&v->streams[i], count, sizeof count);
        l.name = larger(l.name, v->streams[i].name);
        l.count = larger(l.count, count);
        l.time = larger(l.time, time_text(v->streams[i].p50, l.unit, time));
        l.time = larger(l.time, time_text(v->streams[i].p99, l.unit, time));
        l.phase = larger(l.phase, v->streams[i].phase);
        if (*v->streams[i].phase)
            l.phase = larger(l.phase, "pause 99 s"); /* keeps its width when a pause comes */
    }
    if (l.name > NAME_WIDTH_MOST)
        l.name = NAME_WIDTH_MOST;
    return l;
}

static void stream_text(const struct progress_stream *s, const struct layout *l, char out[LINE_BYTES])
{
    char bar[BAR_WIDTH + 1], count[2 * UNITS_TEXT_BYTES], text[UNITS_TEXT_BYTES];
    int n = snprintf(out, LINE_BYTES, "  %-*.*s  ", l->name, l->name, s->name);
    bar_text(s->fraction, bar);
    count_text(s, count, sizeof count);
    if (l->has_bar)
        n += snprintf(out + n, LINE_BYTES - (size_t)n, "%s  ", bar);
    n += snprintf(out + n, LINE_BYTES - (size_t)n, "%*s", l->count, count);
    if (l->phase > 0)
        n += snprintf(out + n, LINE_BYTES - (size_t)n, "  %-*s", l->phase, s->phase);
    if (l->has_rate)
        n += snprintf(out + n, LINE_BYTES - (size_t)n, "  %7s good/s", rate_text(s->good_per_s, text));
    n += times_text(s, l, out + n, LINE_BYTES - (size_t)n);
    snprintf(out + n, LINE_BYTES - (size_t)n, "   %s failed", units_count_text(s->n_failed, text));
}

static int longest(const struct progress_view *v, const struct layout *l)
{
    char line[LINE_BYTES];
    stream_text(&v->sum, l, line);
    int width = (int)strlen(line);
    for (size_t i = 0; i < v->n_streams; i++) {
        stream_text(&v->streams[i], l, line);
        width = larger(width, line);
    }
    return width;
}

static bool is_too_wide(const struct progress_view *v, const struct layout *l, int width)
{
    return longest(v, l) > width;
}

/* Drops the least important columns first. The failures, last in the line, always stay. */
static struct layout fit(const struct progress_view *v, int width)
{
    struct layout l = measure(v);
    l.has_bar = !is_too_wide(v, &l, width);
    l.has_p50 = !is_too_wide(v, &l, width);
    while (l.name > NAME_WIDTH_LEAST && is_too_wide(v, &l, width))
        l.name--; /* its beginning identifies it */
    if (is_too_wide(v, &l, width))
        l.phase = 0;
    l.has_p99 = !is_too_wide(v, &l, width);
    l.has_rate = !is_too_wide(v, &l, width);
    return l;
}

static void put_line(FILE *out, const char *text, int width, const char *colour)
{
    if (*colour)
        fprintf(out, "\033[%sm%.*s\033[0m\n", colour, width, text);
    else
        fprintf(out, "%.*s\n", width, text);
}

static const char *colour_of(const struct progress_stream *s, bool has_colour)
{
    return has_colour && s->n_failed > 0 ? "31" : "";
}

static int put_streams(const struct progress_view *v, int width, int room, bool has_colour, FILE *out)
{
    char line[LINE_BYTES];
    const struct layout l = fit(v, width);
    const size_t n_rooms = room > 1 ? (size_t)room : 1;
    const size_t n_shown = v->n_streams <= n_rooms ? v->n_streams : n_rooms - 1;
    for (size_t i = 0; i < n_shown; i++) {
        stream_text(&v->streams[i], &l, line);
        put_line(out, line, width, colour_of(&v->streams[i], has_colour));
    }
    if (n_shown == v->n_streams)
        return (int)n_shown;
    struct progress_stream all = v->sum;
    char name[32];
    snprintf(name, sizeof name, "all %zu", v->n_streams);
    all.name = name;
    stream_text(&all, &l, line);
    put_line(out, line, width, colour_of(&all, has_colour));
    return (int)n_shown + 1;
}

/* The place is left out where it would be cut off. */
static void title_text(const struct progress_view *v, int width, char line[static LINE_BYTES])
{
    const int n = snprintf(line, LINE_BYTES, "%s   %zu stream%s   %s%s%s", v->name, v->n_streams,
                           v->n_streams == 1 ? "" : "s", v->url, v->protocol ? "   " : "",
                           v->protocol ? v->protocol : "");
    if (n < LINE_BYTES && *v->place && (size_t)n + strlen("   ") + strlen(v->place) < (size_t)width)
        snprintf(line + n, LINE_BYTES - (size_t)n, "   %s", v->place);
}

/* What happened on HTTP/2 connections, and what is lost of the results; "" when there is neither. */
static void events_text(const struct progress_view *v, char out[static LINE_BYTES])
{
    char http2[HTTP2_COUNTS_TEXT_BYTES];
    http2_counts_text(&v->http2, v->n_http2_again, http2);
    snprintf(out, LINE_BYTES, "%s%s%s%.300s", *http2 ? "   HTTP/2: " : "", http2,
             v->trouble ? "   lost: " : "", v->trouble ? v->trouble : "");
}

/* One line, or two where one would be cut off. Returns how many. */
static int foot_text(const struct progress_view *v, int width, bool may_be_two, char lines[2][2 * LINE_BYTES])
{
    char elapsed[3 * UNITS_TEXT_BYTES], generator[GENERATORS_BYTES], events[LINE_BYTES];
    elapsed_text(v, elapsed, sizeof elapsed);
    generator_text(v, generator, sizeof generator);
    events_text(v, events);
    const int n = snprintf(lines[0], sizeof lines[0], "  %s   %s%s", elapsed, generator, events);
    if (n <= width || !may_be_two || !*events)
        return 1;
    snprintf(lines[0], sizeof lines[0], "  %s   %s", elapsed, generator);
    snprintf(lines[1], sizeof lines[1], "%s", events + 1); /* indented as the others */
    return 2;
}

int progress_view_block(const struct progress_view *v, int width, int height, bool has_colour, FILE *out)
{
    char line[LINE_BYTES], foot[2][2 * LINE_BYTES];
    const bool is_tall = height > LINES_BESIDE_STREAMS + 1;
    const int n_foot = foot_text(v, width, height > LINES_BESIDE_STREAMS + 2, foot);
    const int n_beside = (is_tall ? LINES_BESIDE_STREAMS : 1) + n_foot - 1;
    int n = 0;
    if (is_tall) {
        title_text(v, width, line);
        put_line(out, line, width, "");
        putc('\n', out);
        n += 2;
    }
    n += put_streams(v, width, height - n_beside, has_colour, out);
    if (is_tall)
        putc('\n', out);
    for (int i = 0; i < n_foot; i++)
        put_line(out, foot[i], width, v->trouble && has_colour ? "31" : "");
    return n + (is_tall ? 1 : 0) + n_foot;
}

void progress_view_line(const struct progress_view *v, FILE *out)
{
    char elapsed[3 * UNITS_TEXT_BYTES], generator[GENERATORS_BYTES], count[2 * UNITS_TEXT_BYTES];
    char events[LINE_BYTES], rate[UNITS_TEXT_BYTES], failed[UNITS_TEXT_BYTES], times[4 * UNITS_TEXT_BYTES];
    const struct layout l = { .has_p50 = true, .has_p99 = true, .unit = choose_unit(v) };
    elapsed_text(v, elapsed, sizeof elapsed);
    generator_text(v, generator, sizeof generator);
    count_text(&v->sum, count, sizeof count);
    times_text(&v->sum, &l, times, sizeof times);
    events_text(v, events);
    fprintf(out, "%s   %s done   %s good/s%s   %s failed   %s%s\n", elapsed, count,
            rate_text(v->sum.good_per_s, rate), times, units_count_text(v->sum.n_failed, failed), generator,
            events);
}
