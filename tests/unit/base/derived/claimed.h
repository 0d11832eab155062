/* A run described for claims_new: a closed and an open stream of one cluster, a closed one of another. Every
 * answer takes 10 ms; each test spoils one thing. */
#ifndef TESTS_CLAIMED_H
#define TESTS_CLAIMED_H

#include "claims.h"
#include "derived.h"
#include "err.h"
#include "hist.h"
#include "tag_set.h"
#include "units.h"

#include "cm.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CLAIMED_STEADY, CLAIMED_OPEN, CLAIMED_OTHER, CLAIMED_STREAMS, CLAIMED_TIME_US = 10000 };

struct claimed {
    struct derived_cluster clusters[2];
    struct derived_stream streams[CLAIMED_STREAMS];
    struct derived_phase phases[CLAIMED_STREAMS + 1];
    struct derived_check checks[8];
    struct tag_set tags;
    struct derived_run run;
    struct claims *claims; /* owned */
};

static inline void check(struct claimed *x, const char *rule, const char *scope, const char *level,
                         double value)
{
    x->checks[x->run.n_checks++] = (struct derived_check){
        .rule = rule, .scope = scope, .level = level, .value = value, .unit = "", .what = "", .advice = ""
    };
}

static inline void claimed_init(struct claimed *x)
{
    static const char *const names[] = { "steady", "open", "other" };
    *x = (struct claimed){ .clusters = { { .name = "m4" }, { .name = "t2" } } };
    for (int s = 0; s < CLAIMED_STREAMS; s++) {
        x->streams[s] =
            (struct derived_stream){ .name = names[s],
                                     .cluster = s == CLAIMED_OTHER ? "t2" : "m4",
                                     .headline = s == CLAIMED_OPEN ? METRIC_RESPONSE : METRIC_SERVICE,
                                     .is_open = s == CLAIMED_OPEN,
                                     .timeout_ns = NS_PER_S };
        x->phases[s] = (struct derived_phase){ .stream = names[s],
                                               .cluster = x->streams[s].cluster,
                                               .name = "p1",
                                               .kind = "duration",
                                               .end_ns = 10 * NS_PER_S,
                                               .rate_per_s = NAN,
                                               .rate_end_per_s = NAN };
    }
    x->phases[CLAIMED_STREAMS] = (struct derived_phase){ .stream = "steady",
                                                         .cluster = "m4",
                                                         .name = "warm",
                                                         .kind = "duration",
                                                         .warmup = true,
                                                         .end_ns = 2 * NS_PER_S };
    x->run = (struct derived_run){ .clusters = x->clusters,
                                   .n_clusters = N_OF(x->clusters),
                                   .streams = x->streams,
                                   .n_streams = CLAIMED_STREAMS,
                                   .phases = x->phases,
                                   .n_phases = N_OF(x->phases),
                                   .checks = x->checks,
                                   .tags = &x->tags,
                                   .end = "done" };
    check(x, "R4", "run", "OK", 0);
}

static inline void claimed_fini(struct claimed *x)
{
    claims_free(x->claims);
    tag_set_fini(&x->tags);
}

static inline void put(struct claimed *x, int stream, enum metric metric, enum outcome outcome, uint64_t n,
                       uint64_t ns)
{
    struct tag tag = { .metric = metric, .outcome = outcome, .instance = TAGS_ALL, .phase = "p1" };
    char text[TAGS_TEXT_BYTES];
    struct err e;
    snprintf(tag.stream, sizeof tag.stream, "%s", x->streams[stream].name);
    snprintf(tag.cluster, sizeof tag.cluster, "%s", x->streams[stream].cluster);
    const size_t row = tag_set_row(&x->tags, tags_format(&tag, text), &e);
    assert_int_not_equal(row, TAG_SET_NONE);
    for (uint64_t i = 0; i < n; i++)
        hist_add(x->tags.rows[row].hist, ns);
}

/* n answers within `us`, of which loadgen's part is `part_us`. */
static inline void answers(struct claimed *x, int stream, uint64_t n, uint64_t us, uint64_t part_us)
{
    const bool is_open = stream == CLAIMED_OPEN;
    const uint64_t ns = us * NS_PER_US, part_ns = part_us * NS_PER_US;
    x->phases[stream].all.n_outcomes[OUTCOME_OK] += n;
    put(x, stream, METRIC_SERVICE, OUTCOME_OK, n, ns);
    put(x, stream, METRIC_SERVICE_LESS_G, OUTCOME_OK, n, ns - part_ns);
    put(x, stream, METRIC_RX_AGE, OUTCOME_OK, n, part_ns);
    if (is_open) {
        put(x, stream, METRIC_RESPONSE, OUTCOME_OK, n, ns);
        put(x, stream, METRIC_RESPONSE_LESS_G, OUTCOME_OK, n, ns - part_ns);
        put(x, stream, METRIC_LAG, OUTCOME_OK, n, NS_PER_US);
    }
}

/* The same of 10 ms. */
static inline void good(struct claimed *x, int stream, uint64_t n, uint64_t part_us)
{
    answers(x, stream, n, CLAIMED_TIME_US, part_us);
}

static inline const struct claim_row *claims_stream(const struct claims *claims, const char *stream)
{
    for (size_t i = 0; i < claims->n_rows; i++)
        if (claims->rows[i].stream && strcmp(claims->rows[i].stream, stream) == 0)
            return &claims->rows[i];
    return NULL;
}

static inline const struct claim_row *row_of(struct claimed *x, const char *stream)
{
    struct err e;
    claims_free(x->claims);
    x->claims = claims_new(&x->run, &e);
    assert_non_null(x->claims);
    const struct claim_row *row = claims_stream(x->claims, stream);
    assert_non_null(row);
    return row;
}

static inline void has_level(struct claimed *x, int stream, enum claim_what what, enum claim_level level,
                             const char *why)
{
    const struct claim *claim = &row_of(x, x->streams[stream].name)->claims[what];
    if (claim->level != level)
        fail_msg("%s is %s (%s), not %s", claim_name(what), claim_level_name(claim->level), claim->why,
                 claim_level_name(level));
    if (!strstr(claim->why, why))
        fail_msg("%s: '%s' lacks '%s'", claim_name(what), claim->why ? claim->why : "", why);
}

#endif
