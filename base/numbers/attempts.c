#include "attempts.h"

#include "hist.h"
#include "units.h"

#include <stdio.h>
#include <string.h>

static uint64_t n_of(const struct hist *h)
{
    return h ? h->n : 0;
}

uint64_t attempts_n_ok(const struct attempts *a)
{
    return n_of(a->ok);
}

uint64_t attempts_n(const struct attempts *a)
{
    return n_of(a->ok) + a->n_failed + a->n_censored;
}

static uint32_t first_of(const struct hist *h)
{
    return h ? hist_first(h) : HIST_N_COUNTS;
}

static uint64_t count_in(const struct hist *h, uint32_t index)
{
    return h && h->n > 0 ? hist_count(h, index) : 0;
}

/* The bin of the rank-th smallest of both histograms' values; the rank must be in 1..their number. */
static uint32_t index_in_both(const struct attempts *a, uint64_t rank)
{
    const uint32_t first = first_of(a->ok), other = first_of(a->censored);
    uint32_t index = first < other ? first : other;
    uint64_t seen = 0;
    for (; index < HIST_N_COUNTS - 1; index++) {
        seen += count_in(a->ok, index) + count_in(a->censored, index);
        if (seen >= rank)
            break;
    }
    return index;
}

/* Where the rank's time is known to be at least: `low` of the header. */
static struct attempt_time at_least(const struct attempts *a, uint64_t rank)
{
    const uint64_t n_without_age = a->n_censored - n_of(a->censored);
    if (rank <= n_without_age)
        return (struct attempt_time){ .state = ATTEMPT_AT_LEAST };
    return (struct attempt_time){ .state = ATTEMPT_AT_LEAST,
                                  .at_least_ns = hist_lowest_ns(index_in_both(a, rank - n_without_age)) };
}

struct attempt_time attempts_time_of_rank(const struct attempts *a, uint64_t rank)
{
    const uint64_t n_ok = n_of(a->ok);
    if (rank > n_ok + a->n_censored) {
        const bool all_timed_out = a->n_timeout == a->n_failed;
        return (struct attempt_time){ .state = ATTEMPT_FAILED,
                                      .at_least_ns = all_timed_out ? a->timeout_ns : 0 };
    }
    if (rank > n_ok)
        return at_least(a, rank);
    const uint32_t high = hist_index_of_rank(a->ok, rank);
    const struct attempt_time low = a->n_censored > 0 ? at_least(a, rank) : (struct attempt_time){ 0 };
    if (a->n_censored > 0 && low.at_least_ns < hist_lowest_ns(high))
        return low;
    const uint64_t high_ns = hist_highest_ns(high);
    return (struct attempt_time){ .state = ATTEMPT_EXACT,
                                  .value_ns = high_ns < a->ok->max_ns ? high_ns : a->ok->max_ns };
}

struct attempt_time attempts_time(const struct attempts *a, uint32_t p_ppm)
{
    const uint64_t n = attempts_n(a);
    if (n == 0)
        return (struct attempt_time){ .state = ATTEMPT_NONE };
    return attempts_time_of_rank(a, hist_rank(n, p_ppm));
}

uint64_t attempts_n_within(const struct attempts *a, uint64_t limit_ns)
{
    uint64_t n = 0;
    if (!a->ok)
        return 0;
    for (uint32_t i = hist_first(a->ok); i <= hist_last(a->ok) && hist_lowest_ns(i) <= limit_ns; i++)
        n += hist_count(a->ok, i);
    return n;
}

static const char *const state_names[] = {
    [ATTEMPT_EXACT] = "exact",
    [ATTEMPT_AT_LEAST] = "at_least",
    [ATTEMPT_FAILED] = "failed",
    [ATTEMPT_NONE] = "",
};

const char *attempt_state_name(enum attempt_state state)
{
    return state_names[state];
}

enum attempt_state attempt_state_find(const char *name)
{
    enum attempt_state state = ATTEMPT_EXACT;
    while (state < ATTEMPT_NONE && strcmp(name, state_names[state]) != 0)
        state++;
    return state;
}

static const char *bounded_text(const char *sign, uint64_t ns, char *out)
{
    char text[UNITS_TEXT_BYTES];
    snprintf(out, UNITS_TEXT_BYTES, "%s %.24s", sign, units_duration_text(ns, text));
    return out;
}

const char *attempt_time_text(struct attempt_time time, char *out)
{
    switch (time.state) {
    case ATTEMPT_EXACT:
        return units_duration_text(time.value_ns, out);
    case ATTEMPT_AT_LEAST:
        return bounded_text(">=", time.at_least_ns, out);
    case ATTEMPT_FAILED:
        if (time.at_least_ns > 0)
            return bounded_text(">", time.at_least_ns, out);
        snprintf(out, UNITS_TEXT_BYTES, "none");
        return out;
    case ATTEMPT_NONE:
        break;
    }
    snprintf(out, UNITS_TEXT_BYTES, "-");
    return out;
}
