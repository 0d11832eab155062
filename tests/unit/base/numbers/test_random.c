#include "random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* First outputs from the state {1, 2, 3, 4}, as published with the reference code's ports (rust-random/rngs,
 * rand_xoshiro). */
static void it_is_xoshiro256_starstar(void **state)
{
    (void)state;
    static const uint64_t want[] = {
        UINT64_C(11520),
        UINT64_C(0),
        UINT64_C(1509978240),
        UINT64_C(1215971899390074240),
        UINT64_C(1216172134540287360),
        UINT64_C(607988272756665600),
    };
    struct random r = { .state = { 1, 2, 3, 4 } };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
        assert_int_equal(random_u64(&r), want[i]);
}

/* SplitMix64 from seed 1234567, the sequence given at
 * https://rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64. */
static void the_seed_is_spread_by_splitmix64(void **state)
{
    (void)state;
    static const uint64_t want[4] = {
        UINT64_C(6457827717110365317),
        UINT64_C(3203168211198807973),
        UINT64_C(9817491932198370423),
        UINT64_C(4593380528125082431),
    };
    struct random r;
    random_init(&r, 1234567, 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(r.state[i], want[i]);
}

static void seed_and_stream_fix_the_sequence(void **state)
{
    (void)state;
    struct random a, b, other_stream, other_seed;
    random_init(&a, 7, 3);
    random_init(&b, 7, 3);
    random_init(&other_stream, 7, 4);
    random_init(&other_seed, 8, 3);
    for (int i = 0; i < 100; i++) {
        const uint64_t x = random_u64(&a);
        assert_int_equal(random_u64(&b), x);
        assert_int_not_equal(random_u64(&other_stream), x);
        assert_int_not_equal(random_u64(&other_seed), x);
    }
}

static void whole_numbers_are_equally_likely(void **state)
{
    (void)state;
    enum { N_VALUES = 7, N_DRAWS = 70000 };
    unsigned seen[N_VALUES] = { 0 };
    struct random r;
    random_init(&r, 1, 0);
    for (int i = 0; i < N_DRAWS; i++)
        seen[random_below(&r, N_VALUES)]++;
    double chi2 = 0;
    for (int i = 0; i < N_VALUES; i++)
        chi2 += pow(seen[i] - 1e4, 2) / 1e4;
    assert_true(chi2 < 22.46); /* chi-square, 6 degrees of freedom, 0.1 % */
    assert_int_equal(random_below(&r, 1), 0);
}

static void uniform_and_exponential_have_their_moments(void **state)
{
    (void)state;
    enum { N_DRAWS = 100000 };
    double uniform = 0, exponential = 0, square = 0;
    struct random r;
    random_init(&r, 2, 0);
    for (int i = 0; i < N_DRAWS; i++) {
        const double u = random_uniform(&r);
        assert_true(u >= 0 && u < 1);
        const double x = random_exponential(&r);
        assert_true(x >= 0 && isfinite(x));
        uniform += u / N_DRAWS;
        exponential += x / N_DRAWS;
        square += x * x / N_DRAWS;
    }
    assert_true(fabs(uniform - 0.5) < 0.004); /* four standard errors each */
    assert_true(fabs(exponential - 1) < 0.013);
    assert_true(fabs(square - 2) < 0.057);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_xoshiro256_starstar),
        cmocka_unit_test(the_seed_is_spread_by_splitmix64),
        cmocka_unit_test(seed_and_stream_fix_the_sequence),
        cmocka_unit_test(whole_numbers_are_equally_likely),
        cmocka_unit_test(uniform_and_exponential_have_their_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
