#include "http2_counts.h"
#include "summary.h"
#include "units.h"

enum { RANGE_BYTES = 2 * UNITS_TEXT_BYTES + 8 };

/* What all HTTP/2 streams of loadgen asked for and counted. */
struct sum {
    struct http2_counts counts;
    uint64_t asked_least, asked_most; /* streams per connection; 0: no stream speaks HTTP/2 */
};

static struct sum sum_of(const struct summary *s)
{
    struct sum sum = { .asked_least = UINT64_MAX };
    for (size_t i = 0; i < s->run->n_streams; i++) {
        const struct derived_stream *stream = &s->run->streams[i];
        const uint64_t asked = stream->streams_per_connection;
        if (!stream->http2 || asked == 0)
            continue;
        http2_counts_merge(&sum.counts, stream->http2);
        sum.asked_least = asked < sum.asked_least ? asked : sum.asked_least;
        sum.asked_most = asked > sum.asked_most ? asked : sum.asked_most;
    }
    return sum;
}

/* "128", "100 to 128", "any number" */
static const char *range_text(uint64_t least, uint64_t most, char out[static RANGE_BYTES])
{
    char a[UNITS_TEXT_BYTES], b[UNITS_TEXT_BYTES];
    if (least == UINT32_MAX)
        snprintf(out, RANGE_BYTES, "any number");
    else if (least == most)
        snprintf(out, RANGE_BYTES, "%s", units_count_text(least, a));
    else
        snprintf(out, RANGE_BYTES, "%s to %s", units_count_text(least, a),
                 most == UINT32_MAX ? "any number" : units_count_text(most, b));
    return out;
}

/* "streams a connection: 200 asked for, 128 allowed, at most 128 open"; with one there is nothing to reach.
 * Returns how many words it has written, 0 or 1. */
static size_t streams(const struct sum *sum, char words[static SUMMARY_WORDS_BYTES])
{
    char asked[RANGE_BYTES], range[RANGE_BYTES], allowed[RANGE_BYTES + 16] = "", open[UNITS_TEXT_BYTES];
    const struct http2_counts *c = &sum->counts;
    if (sum->asked_most < 2)
        return 0;
    if (c->has_limits)
        snprintf(allowed, sizeof allowed, ", %s allowed", range_text(c->n_peer_least, c->n_peer_most, range));
    snprintf(words, SUMMARY_WORDS_BYTES, "streams a connection: %s asked for%s, at most %s open",
             range_text(sum->asked_least, sum->asked_most, asked), allowed,
             units_count_text(c->n_open_most, open));
    return 1;
}

/* "12 connections ended by the peer (GOAWAY), 3 by requests_per_connection"; the same. */
static size_t ended(const struct sum *sum, char words[static SUMMARY_WORDS_BYTES])
{
    char text[UNITS_TEXT_BYTES], by_count[UNITS_TEXT_BYTES];
    const uint64_t n_peer = sum->counts.n_goaways, n_own = sum->counts.n_ended_by_count;
    units_count_text(n_peer, text);
    units_count_text(n_own, by_count);
    if (n_peer > 0 && n_own > 0)
        snprintf(words, SUMMARY_WORDS_BYTES,
                 "%s connections ended by the peer (GOAWAY), %s by requests_per_connection", text, by_count);
    else if (n_peer > 0)
        snprintf(words, SUMMARY_WORDS_BYTES, "%s connection%s ended by the peer (GOAWAY)", text,
                 n_peer == 1 ? "" : "s");
    else if (n_own > 0)
        snprintf(words, SUMMARY_WORDS_BYTES, "%s connection%s ended by requests_per_connection", by_count,
                 n_own == 1 ? "" : "s");
    return n_peer + n_own > 0;
}

size_t summary_http2(const struct summary *s, char words[static SUMMARY_HTTP2_MOST][SUMMARY_WORDS_BYTES])
{
    const struct sum sum = sum_of(s);
    const size_t n = streams(&sum, words[0]);
    return n + ended(&sum, words[n]);
}
