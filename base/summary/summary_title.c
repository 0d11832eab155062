#include "summary.h"

#include "markdown.h"
#include "units.h"
#include "utf8.h"

#include <math.h>
#include <string.h>

enum { PART_BYTES = 4096, PARTS_MOST = 4, GAP = 4 };

/* The first stream with its target, or NULL where an earlier one has the same. */
static const char *target_of(const struct derived_run *run, size_t stream)
{
    const char *target = run->streams[stream].target;
    for (size_t i = 0; target && i < stream; i++)
        if (run->streams[i].target && strcmp(run->streams[i].target, target) == 0)
            return NULL;
    return target;
}

/* "http://a/", "http://a/ and http://b/", "3 targets". */
static void write_targets(const struct derived_run *run, char *out)
{
    const char *targets[2] = { "", "" };
    size_t n = 0;
    for (size_t i = 0; i < run->n_streams; i++) {
        const char *target = target_of(run, i);
        if (target && n < 2)
            targets[n] = target;
        n += target != NULL;
    }
    if (n > 2)
        snprintf(out, PART_BYTES, "%zu targets", n);
    else
        snprintf(out, PART_BYTES, "%.2000s%s%.2000s", targets[0], n == 2 ? " and " : "", targets[1]);
    utf8_line(out);
}

/* "4 m4.large, 5 t2.large (emulated)"; "" without a deployment. */
static void write_instances(const struct summary *s, char *out)
{
    size_t used = 0;
    *out = '\0';
    for (size_t i = 0; i < s->run->n_clusters && used < PART_BYTES / 2; i++) {
        const struct derived_cluster *c = &s->run->clusters[i];
        if (c->n_instances > 0)
            used += (size_t)snprintf(out + used, PART_BYTES - used, "%s%zu %.200s", used > 0 ? ", " : "",
                                     c->n_instances, c->instance_type ? c->instance_type : c->name);
    }
    if (used > 0 && s->is_emulated)
        snprintf(out + used, PART_BYTES - used, " (emulated)");
    utf8_line(out);
}

/* "closed", "open", "open and closed"; the rate of an open run with one, "open 2 000/s"; "closed sessions",
 * "open 20 sessions/s". */
static void write_model(const struct derived_run *run, char *out, size_t out_bytes)
{
    char rate[UNITS_TEXT_BYTES];
    size_t n_open = 0, n_rates = 0, n_sessions = 0;
    double rate_per_s = NAN;
    for (size_t i = 0; i < run->n_streams; i++)
        n_open += run->streams[i].is_open;
    for (size_t i = 0; i < run->n_phases; i++)
        if (!run->phases[i].warmup && strcmp(run->phases[i].kind, "pause") != 0) {
            rate_per_s = strcmp(run->phases[i].kind, "rate") == 0 ? run->phases[i].rate_per_s : NAN;
            n_rates++;
        }
    for (size_t i = 0; i < run->n_streams; i++)
        n_sessions += derived_has_session(&run->streams[i]);
    const char *sessions = n_sessions == 0                ? ""
                           : n_sessions == run->n_streams ? " sessions"
                                                          : ", with sessions";
    if (n_open == 0)
        snprintf(out, out_bytes, "closed%s", sessions);
    else if (n_open < run->n_streams)
        snprintf(out, out_bytes, "open and closed%s", sessions);
    else if (n_rates == 1 && isfinite(rate_per_s))
        snprintf(out, out_bytes, "open %s%s/s", units_number_text(rate_per_s, rate), sessions);
    else
        snprintf(out, out_bytes, "open%s", sessions);
}

/* "HTTP/2", "HTTP/1.1 and HTTP/2"; NULL: HTTP/1.1 alone, or unknown. */
static const char *protocol_of(const struct derived_run *run)
{
    size_t n = 0;
    for (size_t i = 0; i < run->n_streams; i++)
        n += run->streams[i].streams_per_connection > 0;
    return n == 0 ? NULL : n < run->n_streams ? "HTTP/1.1 and HTTP/2" : "HTTP/2";
}

/* " of 10 streams", " of up to 100 streams"; "" where each has one. */
static void write_streams(const struct derived_run *run, char *out, size_t out_bytes)
{
    char n[UNITS_TEXT_BYTES];
    uint64_t least = UINT64_MAX, most = 1;
    for (size_t i = 0; i < run->n_streams; i++) {
        const uint64_t asked = run->streams[i].streams_per_connection;
        most = asked > most ? asked : most;
        least = asked < least ? asked : least;
    }
    *out = '\0';
    if (most > 1)
        snprintf(out, out_bytes, " of %s%s streams", least < most ? "up to " : "", units_count_text(most, n));
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* "64 connections, 1 thread, closed, 10.0 s", "64 connections of 10 streams, HTTP/2, 1 thread, ..." */
static void write_load(const struct summary *s, char *out)
{
    char model[64], streams[64], n[UNITS_TEXT_BYTES], length[UNITS_TEXT_BYTES];
    const char *protocol = protocol_of(s->run);
    uint64_t n_connections = 0;
    size_t used = 0;
    write_streams(s->run, streams, sizeof streams);
    for (size_t i = 0; i < s->run->n_streams; i++)
        n_connections += s->run->streams[i].n_connections;
    if (s->run->n_streams > 1)
        used += (size_t)snprintf(out, PART_BYTES, "%zu streams, ", s->run->n_streams);
    if (n_connections > 0)
        used += (size_t)snprintf(out + used, PART_BYTES - used, "%s connection%s%s, ",
                                 units_count_text(n_connections, n), plural(n_connections), streams);
    if (protocol)
        used += (size_t)snprintf(out + used, PART_BYTES - used, "%s, ", protocol);
    if (s->n_threads > 0)
        used += (size_t)snprintf(out + used, PART_BYTES - used, "%s thread%s, ",
                                 units_count_text(s->n_threads, n), plural(s->n_threads));
    write_model(s->run, model, sizeof model);
    snprintf(out + used, PART_BYTES - used, "%s, %s", model, units_duration_text(s->duration_ns, length));
}

struct parts {
    char targets[PART_BYTES], instances[PART_BYTES], load[PART_BYTES];
    const char *text[PARTS_MOST];
    size_t n;
};

static void write_parts(const struct summary *s, struct parts *parts)
{
    write_targets(s->run, parts->targets);
    write_instances(s, parts->instances);
    write_load(s, parts->load);
    parts->n = 0;
    if (s->scenario)
        parts->text[parts->n++] = s->scenario;
    if (*parts->targets)
        parts->text[parts->n++] = parts->targets;
    if (*parts->instances)
        parts->text[parts->n++] = parts->instances;
    parts->text[parts->n++] = parts->load;
}

void summary_title(const struct summary *s, FILE *out)
{
    struct parts parts;
    write_parts(s, &parts);
    summary_parts(s, out, parts.text, parts.n, GAP, GAP, 0);
    putc('\n', out);
}

void summary_title_markdown(const struct summary *s, FILE *out)
{
    struct parts parts;
    write_parts(s, &parts);
    for (size_t i = 0; i < parts.n; i++) {
        fputs(i > 0 ? " · " : "", out);
        markdown_text(out, parts.text[i]);
    }
    fputs("\n\n", out);
}
