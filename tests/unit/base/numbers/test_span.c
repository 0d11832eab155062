#include "cm.h"

#include "span.h"

static void shared_time_counts_once(void **state)
{
    static const struct {
        struct span spans[4];
        uint64_t want_ns;
    } cases[] = {
        { { { 0, 0 } }, 0 },
        { { { 5, 9 } }, 4 },
        { { { 5, 9 }, { 0, 2 } }, 6 },                       /* apart, in any order */
        { { { 5, 9 }, { 7, 12 } }, 7 },                      /* overlapping */
        { { { 5, 9 }, { 5, 9 } }, 4 },                       /* the same */
        { { { 0, 20 }, { 3, 4 }, { 19, 21 } }, 21 },         /* one inside another */
        { { { 0, 5 }, { 5, 7 }, { 9, 8 }, { 30, 31 } }, 8 }, /* touching, backwards, apart */
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct span spans[4];
        for (size_t k = 0; k < 4; k++)
            spans[k] = cases[i].spans[k];
        assert_int_equal(span_union_ns(spans, 4), cases[i].want_ns);
    }
    assert_int_equal(span_union_ns(NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(shared_time_counts_once) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
