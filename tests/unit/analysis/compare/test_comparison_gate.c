/* Gates: what they read, and what they let pass. */
#include "made_comparison.h"

#include "close.h"
#include "comparison_gate.h"
#include "err.h"
#include "text_out.h"

static struct err e;

static void a_gate_is_a_change_for_the_worse(void **state)
{
    struct comparison_gate g;
    (void)state;
    assert_int_equal(comparison_gate_parse(&g, "p99 > +10%", &e), 0);
    assert_int_equal(g.value, SAMPLE_P99);
    assert_true(g.is_above);
    assert_close(g.ratio, 1.1, 1e-12);
    assert_int_equal(comparison_gate_parse(&g, "p99.9>2.5%", &e), 0);
    assert_int_equal(g.value, SAMPLE_P999);
    assert_close(g.ratio, 1.025, 1e-12);
    assert_int_equal(comparison_gate_parse(&g, "rate < -5%", &e), 0);
    assert_int_equal(g.value, SAMPLE_RATE);
    assert_false(g.is_above);
    assert_close(g.ratio, .95, 1e-12);
    static const char *const wrong[] = { "",          "p99",          "p99 > 10",
                                         "p98 > 10%", "p99 >> 10%",   "p99 > -10%",
                                         "rate < 5%", "rate < -100%", "p99 > +10% x",
                                         "p99 > x%",  "p99 > %",      "p99 = 10%" };
    for (size_t i = 0; i < N_OF(wrong); i++) {
        assert_int_equal(comparison_gate_parse(&g, wrong[i], &e), -1);
        assert_says(e.text, "--fail-if wants");
    }
}

static void check(const char *text, bool fails, const char *line)
{
    struct comparison_gate g;
    struct text_out out;
    assert_int_equal(comparison_gate_parse(&g, text, &e), 0);
    assert_int_equal(comparison_gate_fails(&g, &c), fails);
    assert_true(text_out_begin(&out));
    comparison_gate_print(out.file, &g, &c);
    char *printed = text_out_end(&out);
    assert_says(printed, line);
    free(printed);
}

static void a_gate_fails_when_the_whole_interval_lies_beyond(void **state)
{
    (void)state;
    compare(8, 0);
    struct decide_result *r = &c.results[SAMPLE_P99];
    r->ratio = (struct decide_interval){ 1.151, 1.129, 1.173 };
    check("p99 > +10%", true, "p99 > +10%: proven, by at least +12.9 %");
    check("p99 > +13%", false, "p99 > +13%: not proven; the interval ends at +12.9 %");
    check("p99 < -5%", false, "not proven");
    r->outcome = DECIDE_UNDECIDED;
    r->reason = DECIDE_CONTROLS;
    check("p99 > +10%", false, "not proven");
    r->reason = DECIDE_FAMILY; /* alone it is clear */
    check("p99 > +10%", true, "proven");
    check("p99 < -10%", false, "not proven");
    r = &c.results[SAMPLE_RATE];
    r->outcome = DECIDE_LOWER;
    r->ratio = (struct decide_interval){ .9, .88, .92 };
    check("rate < -5%", true, "proven, by at least -8.0 %");
    check("rate < -9%", false, "the interval ends at -8.0 %");
}

static void failures_prove_what_their_sign_test_proves(void **state)
{
    (void)state;
    compare(8, 0);
    struct decide_result *r = &c.results[SAMPLE_P99];
    r->method = DECIDE_SIGN_TEST;
    r->ratio = (struct decide_interval){ NAN, NAN, NAN };
    r->signs = (struct decide_signs){ .n = 8, .n_higher = 8, .median = INFINITY, .nearest = 1.2 };
    check("p99 > +10%", true, "proven, by at least +20.0 %");
    check("p99 > +20%", false, "not proven; the interval ends at +20.0 %");
    r->signs.nearest = INFINITY;
    check("p99 > +10%", true, "proven: no p99");
    r->signs.nearest = NAN;
    check("p99 > +10%", false, "not proven");
}

static void few_pairs_prove_nothing(void **state)
{
    (void)state;
    compare(2, 0);
    c.results[SAMPLE_P99].outcome = DECIDE_DESCRIPTION;
    c.results[SAMPLE_P99].ratio.lo = NAN;
    check("p99 > +10%", false, "not proven; that takes 6 pairs");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gate_is_a_change_for_the_worse),
        cmocka_unit_test(a_gate_fails_when_the_whole_interval_lies_beyond),
        cmocka_unit_test(failures_prove_what_their_sign_test_proves),
        cmocka_unit_test(few_pairs_prove_nothing),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
