#include "log_scenario.h"

#include "clock.h"
#include "units.h"
#include "yaml_out.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { CLOCK_TEXT_BYTES = 64, STATUSES_MOST = 20, HOSTS_SHOWN_MOST = 10 };

static void comment(struct yaml_out *y, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void comment(struct yaml_out *y, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    yaml_out_comment(y, text);
}

static void write_source(const struct log_scenario *s, struct yaml_out *y)
{
    char from[CLOCK_TEXT_BYTES], length[UNITS_TEXT_BYTES];
    const struct log_summary *sum = s->summary;
    const struct import_job *job = s->job;
    comment(y, "Made by `loadgen import %s` of %s%s: %" PRIu64 " requests from %s on, over %s.", job->kind,
            import_job_file_name(job->files[0]), job->n_files > 1 ? " and other files" : "", sum->n,
            clock_utc_text(sum->first_ns, from), units_duration_text(sum->last_ns - sum->first_ns, length));
    comment(y, "They are in %s, which docs/replay.md describes.", s->requests);
    if (s->speed > 1)
        comment(y, "A run may last 30 days, so `speed` is %u.", s->speed);
}

static void write_skipped(const struct log_scenario *s, struct yaml_out *y)
{
    static const char *const reasons[N_LOG_SKIPS] = {
        [LOG_NO_REQUEST] = "without a request that could be sent",
        [LOG_NOT_HTTP] = "of websockets or gRPC",
        [LOG_BROKEN] = "not in this format",
        [LOG_TOO_LONG] = "too long",
        [LOG_OTHER_METHOD] = "with other methods, whose bodies are not in the log (--methods)",
    };
    for (int i = LOG_TAKEN + 1; i < N_LOG_SKIPS; i++)
        if (s->reading->n_skipped[i] > 0)
            comment(y, "Left out: %" PRIu64 " line%s %s.", s->reading->n_skipped[i],
                    s->reading->n_skipped[i] == 1 ? "" : "s", reasons[i]);
    comment(y,
            "Not in the log: cookies, authorization, bodies. `request: { headers: { ... } }` adds headers to "
            "all requests. Values of parameters that looked secret became `hidden`.");
}

static void write_hosts(const struct log_scenario *s, struct yaml_out *y)
{
    const struct log_origins *o = &s->summary->origins;
    if (s->has_hosts)
        comment(y, "The requests went to %s%zu origins. Each is sent to `target` with its own Host header.",
                o->n_more ? "more than " : "", o->n);
    else if (o->n > 0 && s->job->target)
        comment(y, "In the log they went to %s%s; the Host header is that of `target`.", o->list[0].text,
                o->n > 1 ? " and others" : "");
    for (size_t i = 0; s->has_hosts && i < o->n && i < HOSTS_SHOWN_MOST; i++)
        comment(y, "  %s: %" PRIu64, o->list[i].text, o->list[i].n);
}

/* HTTP/2 where most requests came over it and the target can have it. */
static bool is_http2(const struct log_scenario *s)
{
    return s->summary->n_http2 > s->summary->n / 2 && strncasecmp(s->target, "https:", 6) == 0;
}

static void write_version(const struct log_scenario *s, struct yaml_out *y)
{
    const struct log_summary *sum = s->summary;
    if (sum->n_http2 > 0)
        comment(y, "Over HTTP/2: %" PRIu64 " of %" PRIu64 " requests; here all are sent over %s (`http`).",
                sum->n_http2, sum->n, is_http2(s) ? "it" : "HTTP/1.1");
}

static void write_target(const struct log_scenario *s, struct yaml_out *y)
{
    if (!is_http2(s)) {
        yaml_out_text(y, "target", s->target);
        return;
    }
    yaml_out_open(y, "target");
    yaml_out_text(y, "url", s->target);
    yaml_out_word(y, "http", "2");
    yaml_out_end(y);
}

static void write_groups(const struct log_scenario *s, struct yaml_out *y)
{
    const struct log_groups *g = &s->summary->groups;
    comment(y, "Rows of the results, the most frequent first:");
    for (size_t i = 0; i < g->n_named; i++)
        comment(y, "  %s: %s, %" PRIu64, g->list[i].name, g->list[i].pattern, g->list[i].n);
    if (g->n_other > 0)
        comment(y, "  other: %" PRIu64, g->n_other);
}

/* What the log shows but server errors is expected, so that a replay fails where the service does. */
static void write_expect(const struct log_summary *sum, struct yaml_out *y)
{
    char list[256] = "[ 2xx";
    size_t used = strlen(list), n = 0, n_redirects = 0;
    for (unsigned status = 300; status < 400; status++)
        n_redirects += sum->n_by_status[status] > 0;
    if (n_redirects > 0)
        used += (size_t)snprintf(list + used, sizeof list - used, ", 3xx");
    for (unsigned status = 400; status < 500 && n < STATUSES_MOST; status++)
        if (sum->n_by_status[status] > 0 && status != 408 && status != 460 && status != 499) {
            used += (size_t)snprintf(list + used, sizeof list - used, ", %u", status);
            n++;
        }
    if (n == 0 && n_redirects == 0)
        return;
    snprintf(list + used, sizeof list - used, " ]");
    yaml_out_open(y, "expect");
    yaml_out_word(y, "status", list);
    yaml_out_end(y);
}

unsigned log_scenario_speed(const struct log_summary *sum)
{
    const uint64_t most_ns = UINT64_C(29) * 24 * 3600 * NS_PER_S; /* phases last 30 days at most */
    const uint64_t speed = (sum->last_ns - sum->first_ns) / most_ns + 1;
    return speed <= 1000 ? (unsigned)speed : 0;
}

void log_scenario_write(const struct log_scenario *s, FILE *out)
{
    struct yaml_out y;
    yaml_out_begin(&y, out);
    write_source(s, &y);
    write_skipped(s, &y);
    write_hosts(s, &y);
    write_version(s, &y);
    write_groups(s, &y);
    yaml_out_text(&y, "name", s->job->name);
    write_target(s, &y);
    yaml_out_open(&y, "streams");
    yaml_out_item(&y);
    yaml_out_text(&y, "name", "replay");
    yaml_out_word(&y, "arrivals", "recorded");
    write_expect(s->summary, &y);
    yaml_out_open(&y, "phases");
    yaml_out_item(&y);
    yaml_out_text(&y, "replay", s->requests);
    yaml_out_count(&y, "speed", s->speed);
    yaml_out_end(&y);
    yaml_out_end(&y);
    yaml_out_end(&y);
    yaml_out_end(&y);
}
