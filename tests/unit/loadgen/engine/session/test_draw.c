/* Draws: their distributions, and that each depends on its place alone. */
#include "cm.h"
#include "draw.h"
#include "session.h"

#include <math.h>

enum { N = 200000 };
#define MS UINT64_C(1000000)

static double mean_ms(const struct session_think *think, uint64_t *least_ns, uint64_t *most_ns)
{
    const uint64_t key = draw_stream_key(42, 3);
    double sum = 0;
    *least_ns = UINT64_MAX;
    *most_ns = 0;
    for (uint64_t pass = 0; pass < N; pass++) {
        const uint64_t ns = draw_think_ns(think, draw_bits(key, pass, 1, 0, DRAW_THINK));
        sum += (double)ns / 1e6;
        *least_ns = ns < *least_ns ? ns : *least_ns;
        *most_ns = ns > *most_ns ? ns : *most_ns;
    }
    return sum / N;
}

static void uniform_thinks_fill_their_range(void **state)
{
    const struct session_think think = { SESSION_UNIFORM, 1000 * MS, 5000 * MS };
    uint64_t least_ns, most_ns;
    (void)state;
    assert_true(fabs(mean_ms(&think, &least_ns, &most_ns) - 3000) < 15);
    assert_in_range(least_ns, 1000 * MS, 1001 * MS);
    assert_in_range(most_ns, 4999 * MS, 5000 * MS);
}

static void exponential_thinks_have_their_mean(void **state)
{
    const struct session_think think = { SESSION_EXPONENTIAL, 4000 * MS, 0 };
    uint64_t least_ns, most_ns;
    (void)state;
    assert_true(fabs(mean_ms(&think, &least_ns, &most_ns) - 4000) < 45);
    assert_true(most_ns > 30000 * MS);
}

static void exponential_thinks_end_at_their_most(void **state)
{
    const struct session_think think = { SESSION_EXPONENTIAL, 4000 * MS, 8000 * MS };
    uint64_t least_ns, most_ns;
    (void)state;
    /* mean of min(X, 2 m) = m (1 - e^-2) */
    assert_true(fabs(mean_ms(&think, &least_ns, &most_ns) - 4000 * (1 - exp(-2))) < 30);
    assert_int_equal(most_ns, 8000 * MS);
}

static void constant_thinks_are_constant(void **state)
{
    const struct session_think think = { SESSION_CONSTANT, 7 * MS, 0 };
    (void)state;
    assert_int_equal(draw_think_ns(&think, 1), 7 * MS);
}

static void each_place_has_a_draw_of_its_own(void **state)
{
    const uint64_t key = draw_stream_key(42, 0);
    const uint64_t bits = draw_bits(key, 5, 2, 1, DRAW_THINK);
    (void)state;
    assert_true(bits == draw_bits(key, 5, 2, 1, DRAW_THINK));
    assert_true(bits != draw_bits(draw_stream_key(43, 0), 5, 2, 1, DRAW_THINK));
    assert_true(bits != draw_bits(draw_stream_key(42, 1), 5, 2, 1, DRAW_THINK));
    assert_true(bits != draw_bits(key, 6, 2, 1, DRAW_THINK));
    assert_true(bits != draw_bits(key, 5, 3, 1, DRAW_THINK));
    assert_true(bits != draw_bits(key, 5, 2, 2, DRAW_THINK));
    assert_true(bits != draw_bits(key, 5, 2, 1, DRAW_CHANCE));
}

static void chance_is_certain_at_its_ends(void **state)
{
    (void)state;
    assert_true(draw_happens(1, UINT64_MAX));
    assert_false(draw_happens(0, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uniform_thinks_fill_their_range),
        cmocka_unit_test(exponential_thinks_have_their_mean),
        cmocka_unit_test(exponential_thinks_end_at_their_most),
        cmocka_unit_test(constant_thinks_are_constant),
        cmocka_unit_test(each_place_has_a_draw_of_its_own),
        cmocka_unit_test(chance_is_certain_at_its_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
