#include "watch_events.h"

#include "watch_facts.h"

#include <jansson.h>
#include <math.h>

enum { REAL_DIGITS = 6 };

static json_t *real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *us(uint64_t ns)
{
    return json_real((double)ns / 1e3);
}

/* A number; {"at_least": N}; "failed"; or null where there is nothing. */
static json_t *time_json(struct attempt_time time)
{
    switch (time.state) {
    case ATTEMPT_EXACT:
        return us(time.value_ns);
    case ATTEMPT_AT_LEAST:
        return json_pack("{s:o}", "at_least", us(time.at_least_ns));
    case ATTEMPT_FAILED:
        return json_string("failed");
    case ATTEMPT_NONE:
        break;
    }
    return json_null();
}

static json_t *times_json(const struct attempt_time *times)
{
    json_t *list = json_array();
    for (int i = 0; i < WATCH_N_TIMES; i++)
        json_array_append_new(list, time_json(times[i]));
    return list;
}

static json_t *last_json(const struct watch_second *second)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "sent", real(second->sent_per_s), "good",
                     real(second->good_per_s), "failed", real(second->failed_per_s), "times",
                     times_json(second->times));
}

/* The classes that occurred. */
static json_t *failures_json(const struct watch_stream *s)
{
    json_t *failures = json_object();
    for (int o = 0; o < N_OUTCOMES; o++)
        if (s->n_outcomes[o] > 0 && outcome_is_failure((enum outcome)o))
            json_object_set_new(failures, outcome_name((enum outcome)o),
                                json_integer((json_int_t)s->n_outcomes[o]));
    return failures;
}

static json_t *statuses_json(const struct status_counts *counts)
{
    json_t *statuses = json_object();
    for (uint32_t i = 0; i < counts->n; i++) {
        char status[16];
        snprintf(status, sizeof status, "%u", counts->rows[i].status);
        json_object_set_new(statuses, status, json_integer((json_int_t)counts->rows[i].n));
    }
    return statuses;
}

static json_t *http2_json(const struct watch_stream *s)
{
    const struct http2_counts *c = &s->http2;
    json_t *allowed = c->has_limits ? json_integer((json_int_t)c->n_peer_least) : json_null();
    return json_pack("{s:I, s:I, s:o, s:I, s:I, s:I, s:I, s:I}", "asked",
                     (json_int_t)s->streams_per_connection, "open", (json_int_t)c->n_open_most, "allowed",
                     allowed, "goaways", (json_int_t)c->n_goaways, "again",
                     (json_int_t)again_counts_sum(&s->again), "resets", (json_int_t)http2_counts_resets(c),
                     "cancels", (json_int_t)c->n_cancels, "by_count", (json_int_t)c->n_ended_by_count);
}

static json_t *stream_json(const struct watch_stream *s)
{
    json_t *json = last_json(&s->last);
    json_object_set_new(json, "phase", json_integer(s->is_over ? -1 : (json_int_t)s->phase));
    json_object_set_new(json, "in_flight", json_integer((json_int_t)s->n_in_flight));
    json_object_set_new(json, "attempts", json_integer((json_int_t)s->n_attempts));
    json_object_set_new(json, "ok", json_integer((json_int_t)s->n_outcomes[OUTCOME_OK]));
    json_object_set_new(json, "rx", json_integer((json_int_t)s->bytes_rx));
    json_object_set_new(json, "statuses", statuses_json(&s->statuses));
    json_object_set_new(json, "failures", failures_json(s));
    if (s->streams_per_connection > 0)
        json_object_set_new(json, "http2", http2_json(s));
    json_object_set_new(json, "so_far", times_json(s->times));
    return json;
}

/* Frees the tree. */
static char *text_of(json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS)) : NULL;
    json_decref(json);
    return text;
}

char *watch_events_run(const struct watch_facts *f, unsigned run)
{
    json_t *streams = json_array();
    json_t *phases = json_array();
    for (size_t i = 0; i < f->n_streams; i++)
        json_array_append_new(
            streams, json_pack("{s:s, s:s}", "name", f->streams[i].name, "cluster", f->streams[i].cluster));
    for (size_t i = 0; i < f->n_phases; i++)
        json_array_append_new(phases, json_pack("{s:s, s:s, s:I, s:b}", "name", f->phases[i].name, "kind",
                                                f->phases[i].kind, "stream", (json_int_t)f->phases[i].stream,
                                                "warmup", f->phases[i].is_warmup));
    json_t *classes = json_object();
    for (int o = 0; o < N_OUTCOMES; o++)
        if (outcome_is_failure((enum outcome)o))
            json_object_set_new(classes, outcome_name((enum outcome)o),
                                json_string(outcome_words((enum outcome)o)));
    return text_of(json_pack("{s:I, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "run", (json_int_t)run, "id",
                             f->run_id, "name", f->name, "url", f->url, "place", f->place, "started",
                             json_integer((json_int_t)f->started_unix_s), "streams", streams, "phases",
                             phases, "classes", classes));
}

char *watch_events_second(const struct watch_facts *f)
{
    json_t *streams = json_array();
    double busiest_ratio = 0;
    for (size_t i = 0; i < f->n_streams; i++)
        json_array_append_new(streams, stream_json(&f->streams[i]));
    for (uint32_t t = 0; t < f->n_threads; t++) {
        busiest_ratio = fmax(busiest_ratio, f->cpu_ratio[t]);
    }
    return text_of(json_pack("{s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:I}", "t", real(f->elapsed_s),
                             "total", real(f->total_s), "estimate", f->is_estimate, "all", last_json(&f->sum),
                             "streams", streams, "cpu", real(busiest_ratio), "lag", real(f->lag_p99_s * 1e6),
                             "received", real(f->rx_age_p99_s * 1e6), "rss", (json_int_t)f->rss_bytes));
}

static json_t *claim_json(const struct claim *claim)
{
    return json_pack("{s:o, s:s, s:s, s:s, s:o, s:b}", "value", time_json(claim->time), "level",
                     claim_level_name(claim->level), "mark", claim_mark(claim->level), "why", claim->why,
                     "share", real(claim->generator_share), "few", claim->is_few);
}

static json_t *row_json(const struct watch_claim *c)
{
    const struct claim *rate = &c->row.claims[CLAIM_RATE];
    json_t *times = json_array();
    for (int k = 0; k < WATCH_N_TIMES; k++)
        json_array_append_new(times, claim_json(&c->row.claims[CLAIM_P50 + k]));
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:o, s:s, s:o}", "cluster", c->cluster, "stream",
                     c->stream, "attempts", (json_int_t)c->row.n, "ok", (json_int_t)c->row.n_ok, "failed",
                     (json_int_t)c->row.n_failed, "censored", (json_int_t)c->row.n_censored, "rate",
                     real(rate->rate_per_s), "rate_mark", claim_mark(rate->level), "times", times);
}

char *watch_events_end(const struct watch_facts *f, unsigned run)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < f->n_claims; i++)
        json_array_append_new(rows, row_json(&f->claims[i]));
    return text_of(json_pack("{s:I, s:s, s:s, s:s, s:o, s:o}", "run", (json_int_t)run, "id", f->run_id,
                             "name", f->name, "end", f->end ? f->end : "", "t", real(f->elapsed_s), "rows",
                             rows));
}
