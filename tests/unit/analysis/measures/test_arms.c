/* The clusters of a run as the arms of a comparison, and the load on each. */
#include "cm.h"

#include "close.h"

#include "arms.h"
#include "dataset.h"
#include "err.h"
#include "load.h"

#include <math.h>
#include <string.h>

static void check_arms(const struct run_json *run, const char *const *series, const int *styles, size_t n)
{
    struct arm *arms;
    struct err e;
    size_t n_arms;
    assert_int_equal(arms_of_run(run, &arms, &n_arms, &e), 0);
    assert_int_equal(n_arms, n);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(arms[i].series, series[i]);
        assert_int_equal(arms[i].style, styles[i]);
        assert_int_equal(arms_index(arms, n, arms[i].cluster), i);
    }
    assert_int_equal(arms_index(arms, n, "nobody"), n);
    arms_free(arms, n_arms);
}

static void arms_are_the_clusters_that_streams_belong_to(void **state)
{
    struct run_cluster clusters[] = { { .name = "c2", .label = "t2" },
                                      { .name = "idle", .label = "m4" },
                                      { .name = "c1", .label = "m4" },
                                      { .name = "plain" } };
    struct run_stream streams[] = { { .cluster = "elsewhere" },
                                    { .cluster = "c1" },
                                    { .cluster = "plain" },
                                    { .cluster = "c2" },
                                    { .cluster = "c1" } };
    const struct run_json run = { .clusters = clusters, .n_clusters = 4, .streams = streams, .n_streams = 5 };
    (void)state;
    check_arms(&run, (const char *const[]){ "t2 (c2)", "m4 (c1)", "plain", "elsewhere" },
               (const int[]){ 2, 1, 3, 4 }, 4);
    const struct run_json none = { .clusters = clusters, .n_clusters = 4 };
    check_arms(&none, NULL, NULL, 0);
}

static void a_kind_of_instance_has_its_style_and_others_take_what_is_free(void **state)
{
    static const struct {
        const char *labels[4];
        int styles[4];
    } cases[] = {
        { { "a", "b", "c", "d" }, { 1, 2, 3, 4 } },
        { { "a", "M4.large", "b", "T2" }, { 3, 1, 4, 2 } },
        { { "t2", "t2", "m4", "m4" }, { 2, 3, 1, 4 } }, /* the first of a kind has it */
        { { "x", "t2", "y", "z" }, { 1, 2, 3, 4 } },
    };
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        static const char *const names[] = { "w", "x9", "y9", "z9" };
        struct run_cluster clusters[4];
        struct run_stream streams[4];
        char series[4][32];
        const char *wanted[4];
        for (size_t k = 0; k < 4; k++) {
            clusters[k] = (struct run_cluster){ .name = names[k], .label = cases[i].labels[k] };
            streams[k] = (struct run_stream){ .cluster = names[k] };
            snprintf(series[k], sizeof series[k], "%s (%s)", cases[i].labels[k], names[k]);
            wanted[k] = series[k];
        }
        const struct run_json run = {
            .clusters = clusters, .n_clusters = 4, .streams = streams, .n_streams = 4
        };
        check_arms(&run, wanted, cases[i].styles, 4);
    }
    assert_int_equal(arms_style("m4.large", 7), 1);
    assert_int_equal(arms_style("t2", 7), 2);
    assert_int_equal(arms_style("c5", 7), 7);
}

/* --- the load --- */

/* A phase of stream s in cluster c at a rate; numbers left out are unknown. */
static struct run_phase phase(struct run_phase p)
{
    double *const numbers[] = { &p.requests_n, &p.rate_per_s, &p.rate_end_per_s };
    for (size_t i = 0; i < N_OF(numbers); i++)
        *numbers[i] = *numbers[i] > 0 ? *numbers[i] : NAN;
    p.stream = p.stream ? p.stream : "s";
    p.cluster = p.cluster ? p.cluster : "c";
    p.kind = p.kind ? p.kind : "rate";
    return p;
}

#define PHASE(...) phase((struct run_phase){ __VA_ARGS__ })

static void check_load(const struct run_stream *streams, size_t n_streams, const struct run_phase *phases,
                       size_t n, const char *wanted)
{
    char text[LOAD_TEXT_BYTES];
    struct arm arm = { .cluster = "c" };
    const struct dataset data = { .arms = &arm,
                                  .n_arms = 1,
                                  .run = { .streams = (struct run_stream *)streams,
                                           .n_streams = n_streams,
                                           .phases = (struct run_phase *)phases,
                                           .n_phases = n } };
    assert_string_equal(load_words(&data, 0, text), wanted);
}

static void a_load_is_noted_in_words(void **state)
{
    const struct run_stream open = {
        .name = "s", .cluster = "c", .open = true, .arrivals = "poisson", .users = NAN, .connections = 256
    };
    const struct run_stream users = { .name = "s", .cluster = "c", .users = 2, .connections = NAN };
    const struct run_stream one = { .name = "s", .cluster = "c", .users = 1, .connections = 1 };
    const struct run_stream nameless = {
        .name = "s", .cluster = "c", .open = true, .users = NAN, .connections = NAN
    };
    const struct {
        const struct run_stream *stream;
        struct run_phase phase;
        const char *words;
    } cases[] = {
        { &users, PHASE(.requests_n = 1000), "closed, 2 users: 1 000 requests" },
        { &one, PHASE(.requests_n = 1000), "closed, 1 user, 1 connection: 1 000 requests" },
        { &open, PHASE(.rate_per_s = 2000), "poisson, 256 connections: 2 000/s" },
        { &open, PHASE(.rate_per_s = 2000, .rate_end_per_s = 2000), "poisson, 256 connections: 2 000/s" },
        { &open, PHASE(.rate_per_s = 2000, .rate_end_per_s = 500),
          "poisson, 256 connections: 2 000/s to 500/s" },
        { &open, PHASE(.rate_per_s = 500, .warmup = true), "poisson, 256 connections: warm-up 500/s" },
        { &open, PHASE(.kind = "pause", .rate_per_s = 500), "poisson, 256 connections: pause" },
        { &open, PHASE(.kind = "burst", .requests_n = 50), "poisson, 256 connections: 50 at once" },
        { &open, PHASE(.rate_end_per_s = 2000), "poisson, 256 connections: for a time" },
        { &nameless, PHASE(.kind = "duration"), "closed: for a time" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_load(cases[i].stream, 1, &cases[i].phase, 1, cases[i].words);
}

static void the_streams_of_a_cluster_are_told_with_their_phases(void **state)
{
    const struct run_stream streams[] = {
        { .name = "other", .cluster = "d", .users = 9, .connections = NAN },
        { .name = "s", .cluster = "c", .users = 2, .connections = NAN },
        { .name = "t", .cluster = "c", .users = NAN, .connections = 3 },
    };
    const struct run_phase phases[] = { PHASE(.requests_n = 7), PHASE(.stream = "t", .requests_n = 8),
                                        PHASE(.requests_n = 9), PHASE(.stream = "other", .requests_n = 10) };
    (void)state;
    check_load(streams, 3, phases, 4,
               "closed, 2 users: 7 requests, 9 requests; closed, 3 connections: 8 requests");
    check_load(streams, 3, phases, 0, "closed, 2 users; closed, 3 connections");
}

static void too_long_a_load_is_cut_at_the_end(void **state)
{
    enum { PHASES = 100 };
    const struct run_stream stream = { .name = "s", .cluster = "c", .users = NAN, .connections = NAN };
    struct run_phase phases[PHASES];
    char wanted[LOAD_TEXT_BYTES + 32] = "closed: 1 requests";
    (void)state;
    for (int i = 0; i < PHASES; i++)
        phases[i] = PHASE(.requests_n = 1);
    while (strlen(wanted) < LOAD_TEXT_BYTES)
        strcat(wanted, ", 1 requests");
    wanted[LOAD_TEXT_BYTES - 1] = '\0';
    check_load(&stream, 1, phases, PHASES, wanted);
}

static void what_was_given_as_a_time_is_added_up(void **state)
{
    struct run_phase phases[] = {
        PHASE(.kind = "duration", .end_s = 1), PHASE(.kind = "rate", .start_s = 1, .end_s = 3),
        PHASE(.kind = "ramp", .end_s = 4),     PHASE(.kind = "requests", .end_s = 8),
        PHASE(.kind = "pause", .end_s = 16),   PHASE(.kind = "rate", .end_s = 32, .warmup = true),
        PHASE(.kind = "rate", .end_s = NAN),   PHASE(.kind = "rate", .end_s = 64, .cluster = "d"),
        PHASE(.kind = "rate", .end_s = 128),
    };
    struct arm arm = { .cluster = "c" };
    struct dataset data = { .arms = &arm, .n_arms = 1, .run = { .phases = phases, .n_phases = 9 } };
    (void)state;
    assert_close(load_timed_s(&data, 0), 1 + 2 + 4 + 128, 0);
    data.run.n_phases = 0;
    assert_close(load_timed_s(&data, 0), 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arms_are_the_clusters_that_streams_belong_to),
        cmocka_unit_test(a_kind_of_instance_has_its_style_and_others_take_what_is_free),
        cmocka_unit_test(a_load_is_noted_in_words),
        cmocka_unit_test(the_streams_of_a_cluster_are_told_with_their_phases),
        cmocka_unit_test(too_long_a_load_is_cut_at_the_end),
        cmocka_unit_test(what_was_given_as_a_time_is_added_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
