#include "ks.h"

#include "hist.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"

static struct hist *hist_of(const unsigned *counts, size_t n)
{
    struct hist *h = hist_new();
    assert_non_null(h);
    for (size_t value = 0; value < n; value++)
        hist_add_bin(h, hist_index(value + 1), counts[value]);
    return h;
}

static void the_worked_example_is_three_tenths_apart(void **state)
{
    (void)state;
    struct hist *a = hist_of((const unsigned[]){ 5, 3, 2 }, 3);
    struct hist *b = hist_of((const unsigned[]){ 2, 3, 5 }, 3);
    const struct ks k = ks_between(a, b);
    assert_close(k.distance, .3, 1e-12);
    assert_int_equal(k.at_ns, 1);
    assert_close(k.share_a, .5, 1e-12);
    assert_close(k.share_b, .2, 1e-12);
    hist_free(a);
    hist_free(b);
}

static void equal_histograms_are_not_apart_and_disjoint_ones_entirely(void **state)
{
    (void)state;
    struct hist *a = hist_of((const unsigned[]){ 1, 2, 3 }, 3);
    struct hist *b = hist_of((const unsigned[]){ 0, 0, 0, 0, 7 }, 5);
    const struct ks none = ks_between(a, a);
    assert_close(none.distance, 0, 0);
    assert_int_equal(none.at_ns, 1); /* the first among equals */
    assert_close(none.share_a, 1.0 / 6, 1e-12);
    assert_close(none.share_b, 1.0 / 6, 1e-12);
    const struct ks k = ks_between(a, b);
    assert_close(k.distance, 1, 0);
    assert_int_equal(k.at_ns, 3);
    hist_free(a);
    hist_free(b);
}

/* .2, .1, .4: closer in between; and the first of two equal distances */
static void the_furthest_place_may_come_late(void **state)
{
    (void)state;
    struct hist *a = hist_of((const unsigned[]){ 4, 0, 5, 1 }, 4);
    struct hist *b = hist_of((const unsigned[]){ 2, 1, 2, 5 }, 4);
    const struct ks k = ks_between(a, b);
    assert_close(k.distance, .4, 1e-12);
    assert_int_equal(k.at_ns, 3);
    const struct ks swapped = ks_between(b, a);
    assert_close(swapped.distance, .4, 1e-12);
    assert_int_equal(swapped.at_ns, 3);
    hist_free(a);
    hist_free(b);
    a = hist_of((const unsigned[]){ 0, 4, 1, 5 }, 4);
    b = hist_of((const unsigned[]){ 0, 2, 1, 7 }, 4);
    assert_int_equal(ks_between(a, b).at_ns, 2);
    hist_free(a);
    hist_free(b);
}

static void an_empty_histogram_has_no_distance(void **state)
{
    (void)state;
    struct hist *a = hist_new();
    struct hist *b = hist_of((const unsigned[]){ 1 }, 1);
    assert_true(isnan(ks_between(a, b).distance));
    assert_true(isnan(ks_between(b, a).distance));
    assert_true(isnan(ks_between(a, b).share_b) && isnan(ks_between(b, a).share_a));
    hist_free(a);
    hist_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_is_three_tenths_apart),
        cmocka_unit_test(equal_histograms_are_not_apart_and_disjoint_ones_entirely),
        cmocka_unit_test(the_furthest_place_may_come_late),
        cmocka_unit_test(an_empty_histogram_has_no_distance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
