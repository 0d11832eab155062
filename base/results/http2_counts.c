#include "http2_counts.h"

#include "units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static uint32_t most(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

void http2_counts_note_limit(struct http2_counts *counts, uint32_t n_allowed)
{
    if (!counts->has_limits || n_allowed < counts->n_peer_least)
        counts->n_peer_least = n_allowed;
    if (!counts->has_limits || n_allowed > counts->n_peer_most)
        counts->n_peer_most = n_allowed;
    counts->has_limits = true;
}

static void add(struct http2_counts *into, const struct http2_counts *from)
{
    into->n_goaways += from->n_goaways;
    into->n_goaway_errors += from->n_goaway_errors;
    into->n_unprocessed += from->n_unprocessed;
    into->n_refused += from->n_refused;
    into->n_cancels += from->n_cancels;
    for (int i = 0; i < HTTP2_N_RESETS; i++)
        into->n_resets[i] += from->n_resets[i];
    into->n_ended_by_count += from->n_ended_by_count;
    into->blocked_ns += from->blocked_ns;
    into->goaway_error = from->goaway_error ? from->goaway_error : into->goaway_error;
    if (from->has_limits) {
        http2_counts_note_limit(into, from->n_peer_least);
        http2_counts_note_limit(into, from->n_peer_most);
    }
    into->n_open_most = most(into->n_open_most, from->n_open_most);
}

void http2_counts_merge(struct http2_counts *into, const struct http2_counts *from)
{
    add(into, from);
    into->n_in_use_most += from->n_in_use_most;
}

void http2_counts_follow(struct http2_counts *into, const struct http2_counts *later)
{
    add(into, later);
    if (later->n_in_use_most > into->n_in_use_most)
        into->n_in_use_most = later->n_in_use_most;
}

static void raise_to(uint64_t *n, uint64_t known)
{
    *n = *n < known ? known : *n;
}

void http2_counts_raise(struct http2_counts *counts, const struct http2_counts *known)
{
    raise_to(&counts->n_goaways, known->n_goaways);
    raise_to(&counts->n_goaway_errors, known->n_goaway_errors);
    raise_to(&counts->n_unprocessed, known->n_unprocessed);
    raise_to(&counts->n_refused, known->n_refused);
    raise_to(&counts->n_cancels, known->n_cancels);
    raise_to(&counts->n_ended_by_count, known->n_ended_by_count);
    raise_to(&counts->blocked_ns, known->blocked_ns);
    counts->n_open_most = most(counts->n_open_most, known->n_open_most);
}

uint64_t http2_counts_resets(const struct http2_counts *counts)
{
    uint64_t n = 0;
    for (int i = 0; i < HTTP2_N_RESETS; i++)
        n += counts->n_resets[i];
    return n;
}

const char *http2_counts_text(const struct http2_counts *counts, uint64_t n_again,
                              char out[static HTTP2_COUNTS_TEXT_BYTES])
{
    const struct {
        uint64_t n;
        const char *words;
    } parts[] = {
        { counts->n_goaways, "GOAWAY" },
        { n_again, "sent again" },
        { http2_counts_resets(counts), "reset" },
        { counts->n_cancels, "cancelled" },
    };
    char number[UNITS_TEXT_BYTES];
    size_t used = 0;
    *out = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].n > 0)
            used +=
                (size_t)snprintf(out + used, HTTP2_COUNTS_TEXT_BYTES - used, "%s%s %s", used > 0 ? ", " : "",
                                 units_count_text(parts[i].n, number), parts[i].words);
    return out;
}

uint64_t http2_counts_held_up_ns(double held_up_s)
{
    return held_up_s > 0 && held_up_s < 1e9 ? (uint64_t)llround(held_up_s * 1e9) : 0;
}

/* By code, RFC 9113 section 7. */
static const char *const names[HTTP2_N_RESETS] = {
    "NO_ERROR",
    "PROTOCOL_ERROR",
    "INTERNAL_ERROR",
    "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",
    "STREAM_CLOSED",
    "FRAME_SIZE_ERROR",
    "REFUSED_STREAM",
    "CANCEL",
    "COMPRESSION_ERROR",
    "CONNECT_ERROR",
    "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY",
    "HTTP_1_1_REQUIRED",
    "other",
};

const char *http2_counts_code_name(uint32_t code)
{
    return names[code < HTTP2_N_RESETS ? code : HTTP2_N_RESETS - 1];
}

uint32_t http2_counts_code_find(const char *name)
{
    uint32_t code = 0;
    while (code < HTTP2_N_RESETS && strcmp(names[code], name) != 0)
        code++;
    return code;
}
