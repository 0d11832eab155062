#include "run_interval.h"

#include "attempts.h"
#include "hist.h"
#include "random.h"

#include "cm.h"

#include "close.h"

#define MS 1000000.0
enum { SECONDS = 60, EACH = 200 };

static void ranks_of_the_worked_examples(void **state)
{
    (void)state;
    struct run_ranks r = run_interval_ranks(12000, 500000, .02);
    assert_int_equal(r.low, 5761);
    assert_int_equal(r.high, 6240);
    r = run_interval_ranks(12000, 990000, .004);
    assert_int_equal(r.low, 11822);
    assert_int_equal(r.high, 11928);
    r = run_interval_ranks(12000, 990000, .02);
    assert_int_equal(r.low, 11151);
    assert_int_equal(r.high, 0);
    assert_int_equal(run_interval_ranks(12000, 990000, .01).high, 0); /* p + h = 1 */
    assert_int_equal(run_interval_ranks(12000, 990000, 30).low, 1);
    r = run_interval_ranks(12000, 990000, 0);
    assert_int_equal(r.low, 11880);
    assert_int_equal(r.high, 11880);
}

static struct run_interval known(double value, double lo, double hi)
{
    return (struct run_interval){ .value = value, .lo = lo, .hi = hi, .is_open = isinf(hi) };
}

static void the_ratio_of_the_worked_example(void **state)
{
    const struct run_interval a = known(21, 20, 22), b = known(24, 22, 26);
    (void)state;
    const struct run_interval r = run_interval_ratio(&b, &a);
    assert_close(r.value, 1.1429, 5e-5);
    assert_close(r.lo, 1.0355, 5e-5);
    assert_close(r.hi, 1.2552, 5e-5);
    assert_false(r.is_open);
    assert_int_equal(run_interval_direction(&r, .05), 1);
}

static void an_open_end_opens_the_ratio(void **state)
{
    const struct run_interval closed = known(21, 20, 22), open = known(24, 22, INFINITY),
                              zero = known(5, 0, 10);
    (void)state;
    const struct run_interval up = run_interval_ratio(&open, &closed);
    assert_true(up.is_open && isinf(up.hi) && up.lo > 1.03);
    const struct run_interval down = run_interval_ratio(&closed, &open);
    assert_true(!down.is_open && down.lo == 0 && down.hi < 1);
    assert_true(run_interval_ratio(&closed, &zero).is_open); /* a rate that may be nothing */
    assert_close(run_interval_ratio(&zero, &closed).lo, 0, 0);
}

static void a_direction_takes_interval_and_margin(void **state)
{
    static const struct {
        double value, lo, hi;
        int direction;
    } cases[] = { { 1.2, 1.01, 1.4, 1 },  { 1.2, .99, 1.4, 0 },  { 1.05, 1.01, 1.1, 0 },
                  { 1.06, 1.01, 1.1, 1 }, { .8, .7, .99, -1 },   { .8, .7, 1, 0 },
                  { .96, .95, .97, 0 },   { .95, .94, .96, -1 }, { 2, 1.5, INFINITY, 1 },
                  { 2, .5, INFINITY, 0 }, { NAN, NAN, NAN, 0 } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct run_interval r = known(cases[i].value, cases[i].lo, cases[i].hi);
        assert_int_equal(run_interval_direction(&r, .05), cases[i].direction);
    }
    struct run_interval none = known(1.2, 1.1, 1.3);
    none.why[0] = 'x';
    assert_int_equal(run_interval_direction(&none, .05), 0);
}

/* A run of seconds with 200 attempts each, of which so many fail; good times are about 10 ms, longer by
 * `factor`. */
struct made {
    struct hist *seconds[SECONDS], *all;
    struct run_second second[SECONDS];
    struct attempts attempts;
};

static void make(struct made *m, double factor, unsigned n_failed, uint64_t seed)
{
    struct random random;
    random_init(&random, seed, 0);
    *m = (struct made){ .all = hist_new() };
    for (size_t s = 0; s < SECONDS; s++) {
        m->seconds[s] = hist_new();
        for (unsigned i = 0; i < EACH - n_failed; i++)
            hist_add(m->seconds[s], (uint64_t)(factor * 10 * MS * (.5 + random_uniform(&random))));
        hist_merge(m->all, m->seconds[s]);
        m->second[s] = (struct run_second){ m->seconds[s], EACH, EACH - n_failed };
    }
    m->attempts = (struct attempts){ .ok = m->all, .n_failed = (uint64_t)n_failed * SECONDS };
}

static void unmake(struct made *m)
{
    for (size_t s = 0; s < SECONDS; s++)
        hist_free(m->seconds[s]);
    hist_free(m->all);
}

static struct run_interval percentile(const struct made *m, size_t n, uint32_t p_ppm)
{
    return run_interval_of_percentile(&m->attempts, m->second, n, p_ppm);
}

static void thirty_seconds_are_the_least(void **state)
{
    struct made m;
    (void)state;
    make(&m, 1, 0, 1);
    struct run_interval i = percentile(&m, 29, 500000);
    assert_string_equal(i.why, "29 whole seconds are too few for an interval, which takes 30");
    assert_true(isnan(i.lo) && isnan(i.hi) && isfinite(i.value));
    assert_string_equal(percentile(&m, 1, 500000).why,
                        "1 whole second is too few for an interval, which takes 30");
    i = percentile(&m, 30, 500000);
    assert_string_equal(i.why, "");
    assert_true(i.lo < i.value && i.value < i.hi);
    m.second[3].n_attempts = 0; /* a second without attempts is none */
    m.second[3].ok = NULL;
    assert_string_equal(percentile(&m, 30, 500000).why,
                        "29 whole seconds are too few for an interval, which takes 30");
    assert_string_equal(run_interval_of_rate(200, m.second, 29, 1).why,
                        "29 whole seconds are too few for an interval, which takes 30");
    assert_string_equal(run_interval_of_rate(200, m.second, 30, 1).why, "");
    unmake(&m);
}

static void the_interval_holds_the_truth_and_is_narrow(void **state)
{
    struct made m;
    (void)state;
    make(&m, 1, 0, 2);
    const struct run_interval p50 = percentile(&m, SECONDS, 500000), p99 = percentile(&m, SECONDS, 990000);
    assert_true(p50.lo <= 10 * MS && 10 * MS <= p50.hi && p50.hi - p50.lo < MS);
    assert_true(p99.lo <= 14.9 * MS && 14.9 * MS <= p99.hi && p99.hi - p99.lo < MS);
    assert_int_equal(p50.value, hist_value_at_ppm(m.all, 500000));
    unmake(&m);
}

static void failures_are_longer_than_every_time(void **state)
{
    struct made few, many, none;
    (void)state;
    make(&few, 1, 1, 3); /* 0.5 %: p99 is the 199th of 200, and the upper end is none */
    make(&many, 1, 20, 3);
    make(&none, 1, 0, 3);
    struct run_interval i = percentile(&few, SECONDS, 990000);
    assert_true(isfinite(i.value) && i.value > 14.9 * MS);
    i = percentile(&many, SECONDS, 990000); /* every second fails a tenth: surely none */
    assert_true(isinf(i.value) && isinf(i.lo));
    char text[RUN_INTERVAL_WHY_BYTES];
    assert_string_equal(run_interval_text(&i, MS, text), "none");
    const struct run_interval good = percentile(&none, SECONDS, 990000);
    const struct run_interval up = run_interval_ratio(&i, &good), down = run_interval_ratio(&good, &i);
    assert_int_equal(run_interval_direction(&up, .05), 1);
    assert_int_equal(run_interval_direction(&down, .05), -1);
    assert_true(isinf(up.value) && down.value == 0);
    const struct run_interval both = run_interval_ratio(&i, &i);
    assert_true(isnan(both.value));
    assert_string_equal(both.why, "neither has a time: both lie among failures");
    unmake(&few);
    unmake(&many);
    unmake(&none);
}

static void what_was_cut_off_decides_nothing(void **state)
{
    struct made m;
    (void)state;
    make(&m, 1, 0, 4);
    m.attempts.n_censored = 600;
    assert_string_equal(percentile(&m, SECONDS, 990000).why, "the end of the run cut off what decides p99");
    unmake(&m);
}

static void few_beyond_carry_no_interval(void **state)
{
    struct made m;
    (void)state;
    make(&m, 1, 0, 5);
    assert_string_equal(percentile(&m, SECONDS, 999900).why, "fewer than 10 requests beyond p99.99");
    const struct attempts nothing = { 0 };
    assert_string_equal(run_interval_of_percentile(&nothing, m.second, 0, 500000).why, "no attempts");
    unmake(&m);
}

static void intervals_as_text(void **state)
{
    char text[RUN_INTERVAL_WHY_BYTES];
    (void)state;
    struct run_interval i = known(21 * MS, 20 * MS, 22.3 * MS);
    assert_string_equal(run_interval_text(&i, MS, text), "20.0 to 22.3");
    i = known(21 * MS, 20 * MS, INFINITY);
    assert_string_equal(run_interval_text(&i, MS, text), "20.0 or more");
    i.ends_failed = true;
    assert_string_equal(run_interval_text(&i, MS, text), "20.0 to none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_of_the_worked_examples),
        cmocka_unit_test(the_ratio_of_the_worked_example),
        cmocka_unit_test(an_open_end_opens_the_ratio),
        cmocka_unit_test(a_direction_takes_interval_and_margin),
        cmocka_unit_test(thirty_seconds_are_the_least),
        cmocka_unit_test(the_interval_holds_the_truth_and_is_narrow),
        cmocka_unit_test(failures_are_longer_than_every_time),
        cmocka_unit_test(what_was_cut_off_decides_nothing),
        cmocka_unit_test(few_beyond_carry_no_interval),
        cmocka_unit_test(intervals_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
