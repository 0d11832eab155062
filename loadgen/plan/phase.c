#include "phase.h"

#include "err.h"
#include "recording.h"
#include "units.h"

#include <math.h>

#define DURATION_MOST_NS 2.592e15 /* 30 days */

static int blame(const char **key, const char *name, struct err *e, const char *sentence)
{
    *key = name;
    return err_set(e, ERR_INPUT, "%s", sentence);
}

static const char *count_key(const struct phase_given *g)
{
    return g->counts_passes ? "passes" : "requests";
}

/* Which of the two keys of a rate is given, the first if both are; NULL for none. */
static const char *rate_key(const struct phase_given *g)
{
    if (g->has_rate || g->rate_per_s > 0)
        return "rate";
    return g->has_ramp_to || g->ramp_to_per_s > 0 ? "ramp_to" : NULL;
}

static int make_pause(struct plan_phase *out, const struct phase_given *g, const char **key, struct err *e)
{
    if (rate_key(g))
        return blame(key, "pause", e, "nothing is sent in a 'pause', so it cannot have a rate");
    if (g->n_requests || g->n_burst)
        return blame(key, "pause", e, "nothing is sent in a 'pause', so it cannot have requests");
    if (g->duration_ns)
        return blame(key, "duration", e, "a 'pause' is a duration itself; leave out 'duration'");
    out->kind = PLAN_PHASE_PAUSE;
    out->duration_ns = g->pause_ns;
    return 0;
}

static int make_closed(struct plan_phase *out, const struct phase_given *g, const char **key, struct err *e)
{
    static const char needs_open[] =
        "'rate', 'ramp_to' and 'burst' need an open stream: one with 'arrivals' and no 'users'";
    if (rate_key(g))
        return blame(key, rate_key(g), e, needs_open);
    if (g->n_burst)
        return blame(key, "burst", e, needs_open);
    if (!g->n_requests && !g->duration_ns)
        return blame(key, NULL, e,
                     g->counts_passes ? "a phase with users must have 'passes', 'duration' or 'pause'"
                                      : "a phase with users must have 'requests', 'duration' or 'pause'");
    out->kind = g->n_requests ? PLAN_PHASE_REQUESTS : PLAN_PHASE_DURATION;
    out->n_requests = g->n_requests;
    out->duration_ns = g->duration_ns;
    return 0;
}

static int make_burst(struct plan_phase *out, const struct phase_given *g, const char **key, struct err *e)
{
    if (rate_key(g))
        return blame(key, "burst", e, "a 'burst' is sent at once, so it cannot have a rate");
    if (g->n_requests)
        return blame(key, count_key(g), e, "a 'burst' is the number of requests; leave out 'requests'");
    out->kind = PLAN_PHASE_BURST;
    out->n_requests = g->n_burst;
    out->duration_ns = g->duration_ns;
    return 0;
}

/* From the number of requests, the time in which the integral of the rate reaches it. */
static int duration_from_requests(struct plan_phase *out, const struct phase_given *g, const char **key,
                                  struct err *e)
{
    const double ns = 2e9 * (double)g->n_requests / (out->rate_per_s + out->rate_end_per_s);
    if (!(ns < DURATION_MOST_NS))
        return blame(key, count_key(g), e, "at this rate the requests would take longer than 30 days");
    out->n_requests = g->n_requests;
    out->duration_ns = (uint64_t)ceil(ns);
    return 0;
}

/* A ramp may begin or end at 0, where it sends nothing for a moment; a rate may not. */
static int check_rates(const struct phase_given *g, bool is_ramp, const char **key, struct err *e)
{
    if (!g->has_rate && !(g->rate_per_s > 0))
        return blame(key, NULL, e, "a phase of an open stream must have 'rate', 'burst' or 'pause'");
    if (is_ramp && g->rate_per_s <= 0 && g->ramp_to_per_s <= 0)
        return blame(key, "ramp_to", e,
                     "a ramp from 0/s to 0/s sends nothing: raise 'rate' or 'ramp_to', or give a 'pause'");
    if (!is_ramp && g->rate_per_s <= 0)
        return blame(key, "rate", e,
                     "'rate' must be above 0/s, unless 'ramp_to' says where it goes from there; a 'pause' "
                     "sends nothing");
    return 0;
}

static int make_open(struct plan_phase *out, enum plan_arrivals arrivals, const struct phase_given *g,
                     const char **key, struct err *e)
{
    if (g->n_burst)
        return make_burst(out, g, key, e);
    const bool is_ramp = g->has_ramp_to || g->ramp_to_per_s > 0;
    if (check_rates(g, is_ramp, key, e))
        return -1;
    if (g->duration_ns && g->n_requests)
        return blame(key, count_key(g), e,
                     "at a rate, 'duration' gives the number of requests: leave out one of the two");
    if (!g->duration_ns && !g->n_requests)
        return blame(key, NULL, e, "a phase with a rate must have a 'duration'");
    if (g->n_requests && arrivals == PLAN_POISSON)
        return blame(key, count_key(g), e, "the number of Poisson arrivals is random: give a 'duration'");
    out->kind = is_ramp ? PLAN_PHASE_RAMP : PLAN_PHASE_RATE;
    out->rate_per_s = g->rate_per_s;
    out->rate_end_per_s = is_ramp ? g->ramp_to_per_s : g->rate_per_s;
    if (g->n_requests)
        return duration_from_requests(out, g, key, e);
    /* Arrivals are due at (i + 1/2) of the integral, so their number is the integral rounded. */
    out->duration_ns = g->duration_ns;
    out->n_requests =
        (uint64_t)floor((out->rate_per_s + out->rate_end_per_s) / 2e9 * (double)g->duration_ns + 0.5);
    return 0;
}

/* What follows from the file is filled in by phase_set_replay. */
static int make_replay(struct plan_phase *out, const struct phase_given *g, const char **key, struct err *e)
{
    if (rate_key(g))
        return blame(key, rate_key(g), e, "a 'replay' has the rate of the recording; 'speed' changes it");
    if (g->n_requests)
        return blame(key, "requests", e, "a 'replay' sends what was recorded; 'duration' ends it earlier");
    if (g->n_burst)
        return blame(key, "burst", e, "a 'replay' sends what was recorded, so it cannot have a 'burst'");
    out->kind = PLAN_PHASE_REPLAY;
    out->duration_ns = g->duration_ns;
    return 0;
}

/* Recorded requests are all that their stream sends, and other streams have none. */
static int check_replay(enum plan_arrivals arrivals, const struct phase_given *g, const char **key,
                        struct err *e)
{
    if (arrivals == PLAN_RECORDED && !g->has_replay && !g->pause_ns)
        return blame(key, NULL, e,
                     "a phase of a stream whose arrivals are recorded must have 'replay' or 'pause'");
    if (arrivals != PLAN_RECORDED && g->has_replay)
        return blame(key, "replay", e, "'replay' needs a stream with 'arrivals: recorded'");
    if (g->has_replay && g->pause_ns)
        return blame(key, "pause", e, "nothing is sent in a 'pause', so it cannot have a 'replay'");
    if (g->has_replay)
        return 0;
    if (g->has_speed)
        return blame(key, "speed", e, "'speed' belongs to a 'replay'");
    return g->has_skip ? blame(key, "skip", e, "'skip' belongs to a 'replay'") : 0;
}

void phase_set_replay(struct plan_phase *phase, struct recording_part *part)
{
    const uint64_t last_ns = recording_due_ns(part, part->last_ns);
    phase->replay = part;
    phase->n_requests = part->n;
    if (phase->duration_ns == 0) /* a mean gap longer, so that the last request belongs to the phase */
        phase->duration_ns = last_ns + (part->n > 1 && last_ns > 0 ? last_ns / (part->n - 1) + 1 : NS_PER_S);
    phase->rate_per_s = phase->rate_end_per_s = (double)part->n / ((double)phase->duration_ns / 1e9);
}

int phase_make(struct plan_phase *out, enum plan_model model, enum plan_arrivals arrivals,
               const struct phase_given *given, const char **key, struct err *e)
{
    if (check_replay(arrivals, given, key, e))
        return -1;
    if (given->has_replay)
        return make_replay(out, given, key, e);
    if (given->pause_ns)
        return make_pause(out, given, key, e);
    return model == PLAN_CLOSED ? make_closed(out, given, key, e) : make_open(out, arrivals, given, key, e);
}
