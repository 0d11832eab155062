#include "again.h"
#include "http2_counts.h"
#include "summary.h"
#include "units.h"

typedef char words_text[SUMMARY_WORDS_BYTES];

static uint64_t n_of(const struct summary *s, enum again cause)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s->run->n_streams; i++)
        n += s->run->streams[i].again ? s->run->streams[i].again->n[cause] : 0;
    return n;
}

/* The peer had not processed them. Returns how many words it has written, 0 or 1. */
static size_t unprocessed(const struct summary *s, words_text words)
{
    uint64_t n_goaway = 0, n_refused = 0;
    char goaway[UNITS_TEXT_BYTES], refused[UNITS_TEXT_BYTES];
    for (size_t i = 0; i < s->run->n_streams; i++) {
        const struct http2_counts *counts = s->run->streams[i].http2;
        n_goaway += counts ? counts->n_unprocessed : 0;
        n_refused += counts ? counts->n_refused : 0;
    }
    units_count_text(n_goaway, goaway);
    units_count_text(n_refused, refused);
    if (n_goaway > 0 && n_refused > 0)
        snprintf(words, SUMMARY_WORDS_BYTES, "%s requests not processed before a GOAWAY, %s refused", goaway,
                 refused);
    else if (n_goaway > 0)
        snprintf(words, SUMMARY_WORDS_BYTES, "%s request%s not processed before a GOAWAY", goaway,
                 n_goaway == 1 ? "" : "s");
    else if (n_refused > 0)
        snprintf(words, SUMMARY_WORDS_BYTES, "%s request%s refused (REFUSED_STREAM)", refused,
                 n_refused == 1 ? "" : "s");
    return n_goaway + n_refused > 0;
}

/* The same: none or one. */
static size_t idle(const struct summary *s, words_text words)
{
    char count[UNITS_TEXT_BYTES];
    uint64_t n = 0;
    for (size_t i = 0; i < s->run->n_phases; i++)
        n += s->run->phases[i].warmup ? 0 : s->run->phases[i].all.n_outcomes[OUTCOME_RESET_IDLE];
    if (n > 0)
        snprintf(words, SUMMARY_WORDS_BYTES, "%s request%s: %s reused connection closed before an answer",
                 units_count_text(n, count), n == 1 ? "" : "s", n == 1 ? "its" : "their");
    return n > 0;
}

size_t summary_again(const struct summary *s, char words[static SUMMARY_AGAIN_MOST][SUMMARY_WORDS_BYTES])
{
    static const struct {
        enum again cause;
        const char *why;
    } causes[] = {
        { AGAIN_TIMEOUT, "another one timed out on the connection" },
        { AGAIN_BROKEN, "another one failed with the connection" },
        { AGAIN_CLOSED, "an earlier answer closed the connection" },
    };
    char count[UNITS_TEXT_BYTES];
    size_t n = unprocessed(s, words[0]);
    n += idle(s, words[n]);
    for (size_t k = 0; k < sizeof causes / sizeof *causes; k++) {
        const uint64_t n_sent = n_of(s, causes[k].cause);
        if (n_sent > 0)
            snprintf(words[n++], SUMMARY_WORDS_BYTES, "%s request%s: %s", units_count_text(n_sent, count),
                     n_sent == 1 ? "" : "s", causes[k].why);
    }
    return n;
}
