#include "claimed.h"
#include "err.h"
#include "threshold.h"

#include <stdlib.h>

static void counts_and_rates_are_those_of_measured_attempts(void **state)
{
    struct claimed x;
    (void)state;
    claimed_init(&x);
    good(&x, CLAIMED_STEADY, 900, 0);
    x.phases[CLAIMED_STEADY].all.n_late = 4;
    x.phases[CLAIMED_STEADY].all.n_outcomes[OUTCOME_TIMEOUT] = 60;
    x.phases[CLAIMED_STEADY].all.n_outcomes[OUTCOME_RESET] = 30;
    x.phases[CLAIMED_STEADY].all.n_outcomes[OUTCOME_RESET_IDLE] = 7;
    x.phases[CLAIMED_STEADY].all.n_outcomes[OUTCOME_CENSORED] = 10;
    x.phases[CLAIMED_STREAMS].all.n_outcomes[OUTCOME_OK] = 500; /* warm-up */
    const struct claim_row *row = row_of(&x, "steady");
    assert_int_equal(row->n, 1000);
    assert_int_equal(row->n_ok, 900);
    assert_int_equal(row->n_failed, 90);
    assert_int_equal(row->n_timeout, 60);
    assert_int_equal(row->n_censored, 10);
    assert_int_equal(row->n_late, 4);
    assert_int_equal(row->active_ns, 10 * NS_PER_S);
    assert_float_equal(row->claims[CLAIM_RATE].rate_per_s, 89.6, 1e-9);
    assert_int_equal(row->headline, METRIC_SERVICE);
    assert_int_equal(row->claims[CLAIM_P50].time.state, ATTEMPT_EXACT);
    assert_int_equal(row->claims[CLAIM_P99].time.state, ATTEMPT_FAILED);
    claimed_fini(&x);
}

static void a_cluster_merges_the_streams_of_its_headline(void **state)
{
    struct claimed x;
    (void)state;
    claimed_init(&x);
    good(&x, CLAIMED_STEADY, 300, 0);
    good(&x, CLAIMED_OPEN, 500, 0);
    good(&x, CLAIMED_OTHER, 70, 0);
    row_of(&x, "open");
    assert_int_equal(x.claims->n_rows, 5);
    assert_int_equal(claims_cluster(x.claims, "m4")->n, 300); /* t2 has no response times to compare with */
    assert_int_equal(claims_cluster(x.claims, "t2")->n, 70);
    assert_int_equal(claims_stream(x.claims, "open")->headline, METRIC_RESPONSE);
    assert_null(claims_stream(x.claims, "m4"));
    assert_null(claims_cluster(x.claims, "steady"));
    claimed_fini(&x);
}

static void a_cluster_is_claimed_in_the_metric_that_all_clusters_have(void **state)
{
    struct claimed x;
    (void)state;
    claimed_init(&x);
    x.streams[CLAIMED_STEADY].cluster = x.phases[CLAIMED_STEADY].cluster = "t2";
    x.phases[CLAIMED_STREAMS].cluster = "t2";
    good(&x, CLAIMED_OPEN, 500, 0);
    good(&x, CLAIMED_OTHER, 70, 0);
    row_of(&x, "open");
    assert_int_equal(claims_cluster(x.claims, "m4")->n, 500);
    assert_int_equal(claims_cluster(x.claims, "m4")->headline, METRIC_SERVICE);
    assert_int_equal(claims_stream(x.claims, "open")->headline, METRIC_RESPONSE);
    assert_int_equal(claims_cluster(x.claims, "t2")->n, 70);
    claimed_fini(&x);
}

static void the_share_is_of_the_same_attempts(void **state)
{
    struct claimed x;
    (void)state;
    claimed_init(&x);
    good(&x, CLAIMED_STEADY, 20000, 500);
    const struct claim_row *row = row_of(&x, "steady");
    assert_float_equal(row->claims[CLAIM_P50].generator_share, .05, 1e-3);
    assert_int_equal(row->claims[CLAIM_P50].generator_ns / NS_PER_US, 500);
    assert_true(isnan(row->claims[CLAIM_RATE].generator_share));
    assert_int_equal(row->claims[CLAIM_P999].level, CLAIM_WARN);
    claimed_fini(&x);
}

static void a_scope_is_a_cluster_a_stream_or_all_clusters(void **state)
{
    struct claimed x;
    (void)state;
    claimed_init(&x);
    good(&x, CLAIMED_STEADY, 20000, 0);
    good(&x, CLAIMED_OTHER, 20000, 5000);
    row_of(&x, "steady");
    assert_int_equal(claims_at(x.claims, "m4", 990000)->level, CLAIM_OK);
    assert_int_equal(claims_at(x.claims, "steady", 990000)->level, CLAIM_OK);
    assert_int_equal(claims_at(x.claims, "t2", 990000)->level, CLAIM_INVALID);
    assert_int_equal(claims_at(x.claims, "", 990000)->level, CLAIM_INVALID);
    assert_int_equal(claims_at(x.claims, "", 0)->level, CLAIM_OK);
    assert_null(claims_at(x.claims, "nothing", 0));
    assert_int_equal(claims_worst(x.claims), CLAIM_INVALID);
    claimed_fini(&x);
}

static void a_time_limit_that_was_met_rests_on_the_rate_alone(void **state)
{
    struct claimed x;
    struct threshold t;
    struct err e;
    (void)state;
    claimed_init(&x);
    good(&x, CLAIMED_STEADY, 20000, 0);
    good(&x, CLAIMED_OTHER, 20000, 5000);
    row_of(&x, "steady");
    assert_int_equal(threshold_parse(&t, "t2.p99 < 1s", &e), 0);
    assert_int_equal(claims_threshold(x.claims, &t, false)->level, CLAIM_INVALID);
    assert_int_equal(claims_threshold(x.claims, &t, true)->level, CLAIM_OK);
    free(t.text);
    assert_int_equal(threshold_parse(&t, "t2.p99 > 1us", &e), 0); /* this one loadgen may have met */
    assert_int_equal(claims_threshold(x.claims, &t, true)->level, CLAIM_INVALID);
    free(t.text);
    claimed_fini(&x);
}

static void other_percentiles_rest_on_the_next_higher_claim(void **state)
{
    (void)state;
    assert_int_equal(claim_what_at(0), CLAIM_RATE);
    assert_int_equal(claim_what_at(250000), CLAIM_P50);
    assert_int_equal(claim_what_at(500000), CLAIM_P50);
    assert_int_equal(claim_what_at(950000), CLAIM_P99);
    assert_int_equal(claim_what_at(999000), CLAIM_P999);
    assert_int_equal(claim_what_at(1000000), CLAIM_P999);
}

static void levels_have_names_and_marks(void **state)
{
    (void)state;
    for (int level = 0; level < N_CLAIM_LEVELS; level++)
        assert_int_equal(claim_level_find(claim_level_name((enum claim_level)level)), level);
    assert_int_equal(claim_level_find("INVALID"), CLAIM_NOT_JUDGED);
    assert_string_equal(claim_mark(CLAIM_OK), "");
    assert_string_equal(claim_mark(CLAIM_NOT_JUDGED), "?");
    assert_string_equal(claim_mark(CLAIM_WARN), "~");
    assert_string_equal(claim_mark(CLAIM_INVALID), "!");
    assert_string_equal(claim_name(CLAIM_P999), "p99.9");
}

static void a_run_without_requests_has_no_ok_claim_on_times(void **state)
{
    struct claimed x;
    (void)state;
    claimed_init(&x);
    x.phases[CLAIMED_STEADY].start_ns = x.phases[CLAIMED_STEADY].end_ns = DERIVED_NONE;
    const struct claim_row *row = row_of(&x, "steady");
    assert_int_equal(row->n, 0);
    assert_true(isnan(row->claims[CLAIM_RATE].rate_per_s));
    has_level(&x, CLAIMED_STEADY, CLAIM_P50, CLAIM_NOT_JUDGED, "no requests");
    claimed_fini(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_and_rates_are_those_of_measured_attempts),
        cmocka_unit_test(a_cluster_merges_the_streams_of_its_headline),
        cmocka_unit_test(a_cluster_is_claimed_in_the_metric_that_all_clusters_have),
        cmocka_unit_test(the_share_is_of_the_same_attempts),
        cmocka_unit_test(a_scope_is_a_cluster_a_stream_or_all_clusters),
        cmocka_unit_test(a_time_limit_that_was_met_rests_on_the_rate_alone),
        cmocka_unit_test(other_percentiles_rest_on_the_next_higher_claim),
        cmocka_unit_test(levels_have_names_and_marks),
        cmocka_unit_test(a_run_without_requests_has_no_ok_claim_on_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
