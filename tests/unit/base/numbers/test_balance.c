#include "balance.h"
#include "random.h"

#include "cm.h"

#include <math.h>

static void assert_near(double got, double right, double most)
{
    if (fabs(got - right) > most)
        fail_msg("got %.9g, right is %.9g", got, right);
}

static void chi_square_of_worked_examples(void **state)
{
    static const uint64_t five[] = { 180, 205, 210, 195, 210 };
    static const uint64_t four[] = { 260, 255, 245, 240 };
    static const double residuals[] = { -1.58, .40, .79, -.40, .79 };
    (void)state;
    struct balance b = balance_of(five, 5, NULL);
    assert_near(b.chi2, 3.25, 1e-12);
    assert_near(b.df, 4, 0);
    assert_near(b.p_uneven, .517, 5e-4);
    assert_near(b.expected, 200, 0);
    assert_near(b.half_width, 33, .5); /* z = 2.576 */
    assert_near(b.half_width / b.sd, 2.576, 5e-4);
    for (size_t i = 0; i < 5; i++)
        assert_near(((double)five[i] - b.expected) / b.sd, residuals[i], 5e-3);
    b = balance_of(four, 4, NULL);
    assert_near(b.chi2, 1.0, 1e-12);
    assert_near(b.p_uneven, .801, 5e-4);
    assert_near(b.half_width, 34, .5); /* z = 2.498 */
    assert_near(b.half_width / b.sd, 2.498, 5e-4);
}

static void round_robin_shows_in_the_range(void **state)
{
    static const uint64_t even[] = { 625, 625, 625, 625 };
    static const uint64_t nearly[] = { 501, 500, 500, 499, 500 };
    static const uint64_t tie[] = { 10, 10 };
    (void)state;
    struct balance b = balance_of(even, 4, NULL);
    assert_true(b.p_even < 1e-4);
    assert_near(b.p_uneven, 1, 0);
    assert_int_equal(balance_answer(&b), BALANCE_ROUND_ROBIN);
    b = balance_of(nearly, 5, NULL);
    assert_true(b.p_even < .001);
    assert_int_equal(balance_answer(&b), BALANCE_ROUND_ROBIN);
    b = balance_of(tie, 2, NULL);
    assert_near(b.p_even, .176197, 5e-7);
    assert_int_equal(balance_answer(&b), BALANCE_CHANCE);
}

/* Two instances of 20 requests a second: four seconds make .176197^4 = .00096. */
static void two_instances_show_round_robin_second_by_second(void **state)
{
    static const uint64_t second[] = { 10, 10 };
    static const uint64_t sums[] = { 40, 40 };
    static const uint64_t silent[] = { 0, 0 };
    static const uint64_t uneven[] = { 11, 9 };
    struct balance_seconds s = { 0 };
    (void)state;
    for (int i = 0; i < 3; i++)
        balance_seconds_add(&s, second, 2);
    balance_seconds_add(&s, silent, 2);
    struct balance b = balance_of(sums, 2, &s);
    assert_int_equal(balance_answer(&b), BALANCE_CHANCE);
    balance_seconds_add(&s, second, 2);
    b = balance_of(sums, 2, &s);
    assert_near(b.p_even, .000963817, 5e-10);
    assert_int_equal(balance_answer(&b), BALANCE_ROUND_ROBIN);
    balance_seconds_add(&s, uneven, 2);
    b = balance_of(sums, 2, &s);
    assert_int_equal(balance_answer(&b), BALANCE_CHANCE);
    b = balance_of(sums, 2, &(struct balance_seconds){ 0 });
    assert_int_equal(balance_answer(&b), BALANCE_CHANCE);
}

/* The product of their chances is too small for a double. */
static void an_hour_of_even_seconds_is_round_robin_at_any_of_them(void **state)
{
    static const uint64_t second[] = { 10, 10 };
    struct balance_seconds s = { 0 };
    (void)state;
    for (uint64_t n = 1; n <= 3600; n++) {
        balance_seconds_add(&s, second, 2);
        const uint64_t sums[] = { 10 * n, 10 * n };
        const struct balance b = balance_of(sums, 2, &s);
        if (n >= 4)
            assert_int_equal(balance_answer(&b), BALANCE_ROUND_ROBIN);
    }
}

static void fewer_than_five_each_are_not_judged(void **state)
{
    static const uint64_t counts[] = { 19, 0, 0, 0 };
    static const uint64_t more[] = { 20, 0, 0, 0 };
    (void)state;
    struct balance b = balance_of(counts, 4, NULL);
    assert_int_equal(balance_answer(&b), BALANCE_NOT_JUDGED);
    b = balance_of(more, 4, NULL);
    assert_int_equal(balance_answer(&b), BALANCE_UNEVEN);
}

static void too_few_counts_leave_it_undefined(void **state)
{
    static const uint64_t one[] = { 7 };
    static const uint64_t none[] = { 0, 0 };
    (void)state;
    assert_true(isnan(balance_of(NULL, 0, NULL).expected));
    assert_near(balance_of(one, 1, NULL).expected, 7, 0);
    assert_true(isnan(balance_of(one, 1, NULL).chi2));
    assert_near(balance_of(none, 2, NULL).expected, 0, 0);
    assert_true(isnan(balance_of(none, 2, NULL).p_uneven));
    assert_true(isnan(balance_of(none, 2, NULL).half_width));
}

/* How often of 500 seeded runs the test rejects at 5 %. */
static double rejections(const double *shares, size_t k, unsigned n, uint64_t seed)
{
    unsigned n_rejected = 0;
    struct random r;
    random_init(&r, seed, 0);
    for (unsigned run = 0; run < 500; run++) {
        uint64_t counts[8] = { 0 };
        for (unsigned i = 0; i < n; i++) {
            double u = random_uniform(&r);
            size_t j = 0;
            while (j + 1 < k && u >= shares[j])
                u -= shares[j++];
            counts[j]++;
        }
        n_rejected += balance_of(counts, k, NULL).p_uneven < .05;
    }
    return n_rejected / 500.0;
}

static void rejects_as_often_as_it_says(void **state)
{
    static const double even[] = { .2, .2, .2, .2, .2 };
    static const double one_short[] = { .18, .205, .205, .205, .205 };
    (void)state;
    assert_near(rejections(even, 5, 1000, 1), .05, .02);
    assert_near(rejections(one_short, 5, 4775, 2), .80, .04);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chi_square_of_worked_examples),
        cmocka_unit_test(round_robin_shows_in_the_range),
        cmocka_unit_test(two_instances_show_round_robin_second_by_second),
        cmocka_unit_test(an_hour_of_even_seconds_is_round_robin_at_any_of_them),
        cmocka_unit_test(fewer_than_five_each_are_not_judged),
        cmocka_unit_test(too_few_counts_leave_it_undefined),
        cmocka_unit_test(rejects_as_often_as_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
