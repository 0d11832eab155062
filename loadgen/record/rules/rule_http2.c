#include "rule.h"

#include "division.h"
#include "stats.h"
#include "units.h"

#include <stdio.h>

static const struct plan_stream *stream_of(const struct rule_case *c)
{
    return &c->in->plan->streams[c->stream];
}

static const struct http2_counts *counts_of(const struct rule_case *c)
{
    return &c->in->run->streams[c->stream].http2;
}

/* A limit that no connection reached cost nothing. */
bool rule_measure_allowed(const struct rule_case *c, struct check *check)
{
    const struct http2_counts *http2 = counts_of(c);
    const uint32_t asked = stream_of(c)->in_flight_most, allowed = http2->n_peer_least;
    const bool was_short = allowed < asked && http2->n_open_most >= allowed;
    char allowed_text[UNITS_TEXT_BYTES], asked_text[UNITS_TEXT_BYTES];
    check->value = was_short ? 100.0 * allowed / asked : 100;
    snprintf(check->note, sizeof check->note, "%s streams a connection instead of %s: %s.",
             units_count_text(allowed, allowed_text), units_count_text(asked, asked_text),
             allowed > 0 ? "use more connections" : "the peer allowed no request at all for a time");
    check->advice = check->note;
    return http2->has_limits;
}

bool rule_measure_goaway_errors(const struct rule_case *c, struct check *check)
{
    const struct http2_counts *http2 = counts_of(c);
    check->value = (double)http2->n_goaway_errors;
    snprintf(check->note, sizeof check->note, "The last one was %s: the peer's log may say why.",
             http2_counts_code_name(http2->goaway_error));
    check->advice = check->note;
    return true;
}

bool rule_measure_refused(const struct rule_case *c, struct check *check)
{
    const uint64_t n_sent = c->in->run->streams[c->stream].n_sent;
    check->value = 100.0 * (double)counts_of(c)->n_refused / (double)n_sent;
    return n_sent > 0;
}

bool rule_measure_calm(const struct rule_case *c, struct check *check)
{
    check->value = (double)counts_of(c)->n_resets[HTTP2_RESET_TOO_BUSY];
    return true;
}

bool rule_measure_held_up(const struct rule_case *c, struct check *check)
{
    const struct rule_input *in = c->in;
    const struct division part = division_of_share(in->plan, c->stream, in->plan->share);
    const double connections_ns = (double)division_n_connections(&part) * (double)in->duration_ns;
    check->value = 100.0 * (double)counts_of(c)->blocked_ns / connections_ns;
    return connections_ns > 0;
}
