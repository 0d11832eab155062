/* A run described for summary_print, and checks of the text that it prints. */
#ifndef TESTS_DESCRIBED_H
#define TESTS_DESCRIBED_H

#include "summary.h"

#include "cm.h"

#include "err.h"
#include "hist.h"
#include "tag_set.h"
#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const m4_ids[] = { "i-2", "i-1" };

/* Two clusters, a closed and an open stream on the first, a closed one without instances on the second. */
struct described {
    struct derived_cluster clusters[3];
    struct derived_stream streams[3];
    struct derived_phase phases[6];
    struct derived_check checks[8];
    struct tag_set tags;
    struct derived_run run;
    struct summary_cause causes[4];
    struct threshold_result thresholds[3];
    struct summary summary;
    char *text;
};

static inline void described_init(struct described *x)
{
    *x = (struct described){
        .clusters = { { .name = "cluster1",
                        .instances = m4_ids,
                        .n_instances = 2,
                        .label = "m4",
                        .instance_type = "m4.large" },
                      { .name = "idle" },
                      { .name = "web", .label = "web" } },
        .streams = { { .name = "steady",
                       .cluster = "cluster1",
                       .headline = METRIC_SERVICE,
                       .captures_instance = true,
                       .n_connections = 2,
                       .target = "http://a:80/" },
                     { .name = "load",
                       .cluster = "cluster1",
                       .headline = METRIC_RESPONSE,
                       .is_open = true,
                       .captures_instance = true,
                       .n_connections = 2,
                       .target = "http://a:80/" },
                     { .name = "plain",
                       .cluster = "web",
                       .headline = METRIC_SERVICE,
                       .captures_instance = false,
                       .n_connections = 2,
                       .target = "http://a:80/" } },
        .phases = { { "steady",
                      "cluster1",
                      "warm",
                      "duration",
                      true,
                      0,
                      NS_PER_S,
                      DERIVED_NONE,
                      NAN,
                      NAN,
                      { { 0 }, 0 },
                      NULL },
                    { "steady",
                      "cluster1",
                      "p1",
                      "requests",
                      false,
                      NS_PER_S,
                      3 * NS_PER_S,
                      100,
                      NAN,
                      NAN,
                      { { 0 }, 0 },
                      NULL },
                    { "steady",
                      "cluster1",
                      "p2",
                      "pause",
                      false,
                      3 * NS_PER_S,
                      9 * NS_PER_S,
                      DERIVED_NONE,
                      NAN,
                      NAN,
                      { { 0 }, 0 },
                      NULL },
                    { "load",
                      "cluster1",
                      "p1",
                      "rate",
                      false,
                      2 * NS_PER_S,
                      6 * NS_PER_S,
                      100,
                      9,
                      NAN,
                      { { 0 }, 0 },
                      NULL },
                    { "load",
                      "cluster1",
                      "p2",
                      "rate",
                      false,
                      DERIVED_NONE,
                      DERIVED_NONE,
                      100,
                      9,
                      NAN,
                      { { 0 }, 0 },
                      NULL },
                    { "plain",
                      "web",
                      "p1",
                      "requests",
                      false,
                      0,
                      5 * NS_PER_S,
                      100,
                      NAN,
                      NAN,
                      { { 0 }, 0 },
                      NULL } },
        .run = { .clusters = x->clusters,
                 .n_clusters = 3,
                 .streams = x->streams,
                 .n_streams = 3,
                 .phases = x->phases,
                 .n_phases = 6,
                 .checks = x->checks,
                 .tags = &x->tags },
        .summary = { .scenario = "mixed",
                     .n_threads = 1,
                     .run = &x->run,
                     .causes = x->causes,
                     .thresholds = x->thresholds,
                     .end = "done",
                     .duration_ns = 62 * NS_PER_S,
                     .folder = "results/a" },
    };
}

static inline void described_fini(struct described *x)
{
    tag_set_fini(&x->tags);
    free(x->text);
}

static inline void times(struct described *x, const char *tag, uint64_t n, uint64_t us)
{
    struct err e;
    const size_t row = tag_set_row(&x->tags, tag, &e);
    assert_int_not_equal(row, TAG_SET_NONE);
    for (uint64_t i = 0; i < n; i++)
        hist_add(x->tags.rows[row].hist, us * NS_PER_US);
}

/* Times of ok answers, and their count in the phase, none of which was loadgen's doing. */
static inline void answers(struct described *x, size_t phase, const char *tag, uint64_t n, uint64_t us)
{
    char other[128];
    const char *rest = strchr(tag, '.');
    times(x, tag, n, us);
    snprintf(other, sizeof other, "%.*s_less_g%s", (int)(rest - tag), tag, rest);
    times(x, other, n, us);
    snprintf(other, sizeof other, "rx_age%s", rest);
    times(x, other, n, 0);
    x->phases[phase].all.n_outcomes[OUTCOME_OK] += n;
}

static inline const char *text_of(struct described *x)
{
    size_t length;
    free(x->text);
    struct err e;
    struct claims *claims = claims_new(&x->run, &e);
    FILE *out = open_memstream(&x->text, &length);
    assert_non_null(claims);
    assert_non_null(out);
    x->summary.claims = claims;
    assert_int_equal(summary_print(&x->summary, out), 0);
    assert_int_equal(fclose(out), 0);
    claims_free(claims);
    return x->text;
}

static inline void has(struct described *x, const char *wanted)
{
    if (!strstr(text_of(x), wanted))
        fail_msg("no '%s' in\n%s", wanted, x->text);
}

static inline void has_not(struct described *x, const char *unwanted)
{
    if (strstr(text_of(x), unwanted))
        fail_msg("'%s' in\n%s", unwanted, x->text);
}

#endif
