/* Gates: what they read, what they find, and the line that says so. */
#include "made_comparison.h"

#include "close.h"
#include "comparison_output.h"
#include "err.h"
#include "exit_code.h"
#include "gate.h"
#include "text_out.h"

enum { GATES_MOST = 4 };

static struct err e;
static struct gate rows[GATES_MOST];
static struct gates gates = { .rows = rows };

static void a_gate_is_a_change_for_the_worse(void **state)
{
    struct gate g;
    (void)state;
    assert_int_equal(gate_parse(&g, "p99 > +10%", &e), 0);
    assert_int_equal(g.value, SAMPLE_P99);
    assert_true(g.is_above && !g.is_of_failed);
    assert_close(g.limit, .1, 1e-12);
    assert_int_equal(gate_parse(&g, "p99.9>2.5%", &e), 0);
    assert_int_equal(g.value, SAMPLE_P999);
    assert_close(g.limit, .025, 1e-12);
    assert_int_equal(gate_parse(&g, "rate < -5%", &e), 0);
    assert_int_equal(g.value, SAMPLE_RATE);
    assert_false(g.is_above);
    assert_close(g.limit, -.05, 1e-12);
    assert_int_equal(gate_parse(&g, "failed > +0.1%", &e), 0);
    assert_true(g.is_of_failed);
    assert_close(g.limit, .001, 1e-12);
    assert_string_equal(gate_metric_name(&g), "failed");
    assert_int_equal(gate_parse(&g, "failed > 0%", &e), 0);
    static const char *const wrong[] = { "",           "p99",          "p99 > 10",      "p98 > 10%",
                                         "p99 >> 10%", "p99 > -10%",   "rate < 5%",     "rate < -100%",
                                         "p99 > x%",   "p99 > %",      "p99 > +10% x",  "p99 = 10%",
                                         "p99 < 50ms", "failed > -1%", "failed > 100%", "Failed > 1%" };
    for (size_t i = 0; i < N_OF(wrong); i++) {
        assert_int_equal(gate_parse(&g, wrong[i], &e), -1);
        assert_says(e.text, "--fail-if wants");
        assert_says(e.text, "--threshold");
    }
}

/* Pairs in which B's p99 is so many times A's. */
static void p99(const double *ratios, size_t n)
{
    compare(n, 0);
    for (size_t i = 0; i < n; i++)
        pairs[i].b.value[SAMPLE_P99] = ratios[i] * pairs[i].a.value[SAMPLE_P99];
}

static void judge_all(size_t n, const char *const *texts)
{
    gates.n = n;
    gates.fails_undecided = false;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(gate_parse(&rows[i], texts[i], &e), 0);
    assert_int_equal(gate_judge(&gates, &c, &e), 0);
}

/* One gate: how it ends and what its line says. */
static void check(const char *text, enum gate_word word, const char *line)
{
    static const int codes[] = { EXIT_CODE_DONE, EXIT_CODE_THRESHOLD, EXIT_CODE_DONE, EXIT_CODE_INVALID };
    char out[GATE_LINE_BYTES];
    judge_all(1, &text);
    assert_string_equal(gate_line(&gates, 0, &c, out), line);
    assert_int_equal(rows[0].word, word);
    assert_int_equal(gate_exit_code(&gates, &c), codes[word]);
    gates.fails_undecided = true;
    assert_int_equal(gate_exit_code(&gates, &c), word == GATE_UNDECIDED ? EXIT_CODE_THRESHOLD : codes[word]);
}

/* Their mean log ratio is .1404 +- .019. */
static const double slower[8] = { 47.9 / 41.2, 45.1 / 39.8, 50.2 / 42.5, 46.0 / 40.9,
                                  49.5 / 43.1, 49.9 / 41.7, 45.8 / 40.3, 47.3 / 42.0 };

static void a_gate_fails_when_the_whole_interval_lies_beyond(void **state)
{
    (void)state;
    p99(slower, 8);
    check("p99 > +10%", GATE_FAILED, "failed: +15 % (95 % interval +13 to +17, 8 pairs)");
    check(
        "p99 > +13%", GATE_UNDECIDED,
        "undecided, which passes: +15 % (95 % interval +13 to +17, 8 pairs); about 7 more runs of each would "
        "tell");
    check(
        "p99 > +15%", GATE_UNDECIDED,
        "undecided, which passes: +15 % (95 % interval +13 to +17, 8 pairs); at this spread more runs hardly "
        "help: make them longer");
    check("p99 > +20%", GATE_PASSED, "passed: +15 % (95 % interval +13 to +17, 8 pairs)");
    check("p99 < -5%", GATE_PASSED, "passed: +15 % (95 % interval +13 to +17, 8 pairs)");
    char out[GATE_LINE_BYTES];
    judge_all(1, (const char *[]){ "p99 > +13%" });
    gates.fails_undecided = true;
    assert_says(gate_line(&gates, 0, &c, out), "undecided, which fails here: +15 %");
}

static void a_rate_falls(void **state)
{
    (void)state;
    compare(6, 0);
    static const double rates[] = { 451, 449, 450, 452, 448, 450 };
    for (size_t i = 0; i < 6; i++)
        pairs[i].b.value[SAMPLE_RATE] = rates[i];
    check("rate < -5%", GATE_FAILED, "failed: -10.0 % (95 % interval -10.3 to -9.7, 6 pairs)");
    check("rate < -20%", GATE_PASSED, "passed: -10.0 % (95 % interval -10.3 to -9.7, 6 pairs)");
}

/* A target that answers nothing has no p99, and a rate of 0. */
static void a_target_that_answers_nothing_fails_every_gate(void **state)
{
    (void)state;
    compare(6, 0);
    for (size_t i = 0; i < 6; i++) {
        struct sample *b = &pairs[i].b;
        b->ok_n = 0;
        b->failed_n = b->attempts_n;
        b->value[SAMPLE_RATE] = 0;
        b->value[SAMPLE_P99] = NAN;
        b->state[SAMPLE_P99] = ATTEMPT_FAILED;
    }
    check("rate < -5%", GATE_FAILED,
          "failed: beyond it in 6 of 6 pairs, within in 0; some runs have no rate");
    check("p99 > +10%", GATE_FAILED, "failed: beyond it in 6 of 6 pairs, within in 0; some runs have no p99");
    check("failed > +1%", GATE_FAILED, "failed: +100.00 points (95 % interval +99.94 to +100.00, 6 pairs)");
    for (size_t i = 0; i < 6; i++)
        pairs[i].a = pairs[i].b;
    check("rate < -5%", GATE_UNDECIDED,
          "undecided, which passes: none of 6 pairs counts; the runs have no answers");
    check("p99 > +10%", GATE_UNDECIDED,
          "undecided, which passes: none of 6 pairs counts; neither run has a p99, because too "
          "many requests failed");
}

/* 15 failures of 6000 requests against none; test_decide_limit.c has the numbers. */
static void failed_shares_change_by_points(void **state)
{
    (void)state;
    compare(6, 0);
    static const uint64_t some[] = { 2, 3, 1, 4, 2, 3 };
    for (size_t i = 0; i < 6; i++)
        pairs[i].b.failed_n = some[i];
    check("failed > +0.05%", GATE_FAILED, "failed: +0.25 points (95 % interval +0.07 to +0.43, 6 pairs)");
    check("failed > +1%", GATE_PASSED, "passed: +0.25 points (95 % interval +0.07 to +0.43, 6 pairs)");
    check(
        "failed > +0.1%", GATE_UNDECIDED,
        "undecided, which passes: +0.25 points (95 % interval +0.07 to +0.43, 6 pairs); about 6 more runs of "
        "each would tell");
    p99((const double[]){ 1, 1.01, .99, 1, 1.01, .99 }, 6);
    for (size_t i = 0; i < 6; i++)
        pairs[i].b.failed_n = some[i];
    c.results[SAMPLE_P99].failures = (struct decide_failures){ .n = 6, .a = 0, .b = .0025 };
    check(
        "p99 > +10%", GATE_UNDECIDED,
        "undecided, which passes: +0.0 % (95 % interval -0.9 to +0.9, 6 pairs); t2 failed more requests, so "
        "the times do not compare: gate on `failed`");
}

static void few_pairs_prove_nothing(void **state)
{
    (void)state;
    compare(2, 0);
    check("p99 > +10%", GATE_UNDECIDED,
          "undecided, which passes: 2 pairs of runs prove nothing (+100 % in these); it takes 4 more "
          "runs of each");
    compare(1, 0);
    check("failed > +0%", GATE_UNDECIDED,
          "undecided, which passes: 1 pair of runs proves nothing (+0.00 points in it); it takes 5 more "
          "runs of each");
    c.within_run = true;
    check("p99 > +10%", GATE_UNDECIDED,
          "undecided, which passes: one run proves nothing; `loadgen campaign` would tell");
    compare(6, 0);
    for (size_t i = 0; i < 3; i++)
        pairs[i].b.state[SAMPLE_P999] = ATTEMPT_NONE;
    check("p99.9 > +10%", GATE_UNDECIDED,
          "undecided, which passes: only 3 of 6 pairs count; p99.9 takes 10000 requests in each run");
}

/* Half of the runs of an arm are enough. */
static void what_loadgen_did_itself_judges_nothing(void **state)
{
    (void)state;
    p99(slower, 8);
    c.results[SAMPLE_P99].rests_on_invalid = true;
    c.results[SAMPLE_P99].n_invalid_b = 5;
    check("p99 > +10%", GATE_INVALID, "invalid: in 5 of 8 runs of t2 the p99 may be loadgen's own doing");
    judge_all(2, (const char *[]){ "p50 > +10%", "p99 > +10%" });
    assert_int_equal(rows[0].word, GATE_FAILED);
    assert_int_equal(gate_exit_code(&gates, &c), EXIT_CODE_INVALID);
    judge_all(1, (const char *[]){ "p50 > +10%" }); /* p99 is nobody's question */
    assert_int_equal(gate_exit_code(&gates, &c), EXIT_CODE_THRESHOLD);
    judge_all(0, NULL);
    assert_int_equal(gate_exit_code(&gates, &c), EXIT_CODE_INVALID);
    c.within_run = true;
    assert_int_equal(gate_exit_code(&gates, &c), EXIT_CODE_DONE);
}

static void what_hides_a_difference_is_named(void **state)
{
    char out[GATE_LINE_BYTES];
    (void)state;
    p99(slower, 8);
    judge_all(1, (const char *[]){ "p99 > +10%" });
    rows[0].word = GATE_UNDECIDED;
    static const struct {
        enum decide_reason reason;
        const char *says;
    } reasons[] = {
        { DECIDE_CONTROLS, "; m4 differed from itself, so it is not sure what made the difference" },
        { DECIDE_GENERATOR, "; without what loadgen itself may have added, it could be otherwise" },
        { DECIDE_SIGNS, "8 pairs)" },
    };
    rows[0].found.word = DECIDE_LIMIT_UNDECIDED;
    for (size_t i = 0; i < N_OF(reasons); i++) {
        rows[0].found.reason = reasons[i].reason;
        assert_says(gate_line(&gates, 0, &c, out), reasons[i].says);
    }
}

/* The gate on the number declared in advance stands alone; others share their chance of failing by mistake.
 */
static void several_gates_are_a_family(void **state)
{
    char out[GATE_LINE_BYTES];
    (void)state;
    p99(slower, 8);
    for (size_t i = 0; i < 8; i++) {
        pairs[i].b.value[SAMPLE_P50] = pairs[i].a.value[SAMPLE_P50] * (1.115 + (i % 2 == 0 ? .015 : -.015));
        pairs[i].b.value[SAMPLE_P90] = pairs[i].a.value[SAMPLE_P90];
    }
    judge_all(3, (const char *[]){ "p99 > +10%", "p50 > +10%", "p90 > +10%" });
    assert_int_equal(rows[0].word, GATE_FAILED);
    assert_close(rows[0].found.p_holm, rows[0].found.p, 0);
    assert_int_equal(rows[1].word, GATE_UNDECIDED);
    assert_close(rows[1].found.p_holm, 2 * rows[1].found.p, 1e-12);
    assert_int_equal(rows[2].word, GATE_PASSED);
    assert_says(gate_line(&gates, 1, &c, out), "; clear alone (p = 0.0");
    assert_says(out, "not as one of 3 gates");
    judge_all(1, (const char *[]){ "p50 > +10%" });
    assert_int_equal(rows[0].word, GATE_FAILED);
    judge_all(2, (const char *[]){ "p50 > +10%", "p99 > +10%" }); /* one that stands alone is no family */
    assert_int_equal(rows[0].word, GATE_FAILED);
}

static char *output(int (*write)(FILE *, const struct comparison *, const struct gates *, struct err *))
{
    struct text_out text;
    assert_true(text_out_begin(&text));
    assert_int_equal(write(text.file, &c, &gates, &e), 0);
    return text_out_end(&text);
}

static void junit_has_a_case_for_each_gate(void **state)
{
    (void)state;
    p99(slower, 8);
    c.results[SAMPLE_P50].rests_on_invalid = true;
    judge_all(4, (const char *[]){ "p99 > +10%", "p99 > +20%", "p99 > +13%", "p50 > +1%" });
    char *text = output(comparison_junit);
    assert_says(text, "tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\"");
    assert_says(text, "name=\"p99 &gt; +10%\"");
    assert_says(text, "failed: +15 % (95 % interval +13 to +17, 8 pairs)");
    free(text);
    gates.fails_undecided = true;
    text = output(comparison_junit);
    assert_says(text, "tests=\"4\" failures=\"2\" errors=\"1\" skipped=\"0\"");
    free(text);
    judge_all(0, NULL);
    text = output(comparison_junit);
    assert_says(text, "tests=\"1\" failures=\"0\"");
    free(text);
    c.results[SAMPLE_P99].rests_on_invalid = true;
    text = output(comparison_junit);
    assert_says(text, "errors=\"1\"");
    free(text);
}

static void markdown_is_a_comment_for_a_pull_request(void **state)
{
    (void)state;
    p99(slower, 8);
    snprintf(pairs[0].b.label, sizeof pairs[0].b.label, "new|<b>");
    judge_all(1, (const char *[]){ "p99 > +10%" });
    char *text = output(comparison_markdown);
    assert_int_equal(strncmp(text, "**new", 5), 0);
    assert_says_not(text, "<b>");
    assert_says(text, "\n- `p99 > +10%` failed: +15 % ");
    assert_says(text, "| good/s | 500 | 250 | 2.00 |");
    assert_says(text, "<details><summary>Notes</summary>");
    free(text);
}

static void json_has_every_number(void **state)
{
    (void)state;
    p99(slower, 8);
    judge_all(1, (const char *[]){ "p99 > +10%" });
    char *text = output(comparison_json);
    assert_says(text, "\"schema\": \"loadgen-comparison/1\"");
    assert_says(text, "\"exit_code\": 3");
    assert_says(text, "\"result\": \"failed\"");
    assert_says(text, "\"limit\": 10,");
    assert_says(text, "\"kind\": \"runs\"");
    free(text);
    c.n_pairs = 0;
    judge_all(0, NULL);
    text = output(comparison_json);
    assert_says(text, "\"a\": null");
    assert_says(text, "\"gates\": []");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gate_is_a_change_for_the_worse),
        cmocka_unit_test(a_gate_fails_when_the_whole_interval_lies_beyond),
        cmocka_unit_test(a_rate_falls),
        cmocka_unit_test(a_target_that_answers_nothing_fails_every_gate),
        cmocka_unit_test(failed_shares_change_by_points),
        cmocka_unit_test(few_pairs_prove_nothing),
        cmocka_unit_test(what_loadgen_did_itself_judges_nothing),
        cmocka_unit_test(what_hides_a_difference_is_named),
        cmocka_unit_test(several_gates_are_a_family),
        cmocka_unit_test(junit_has_a_case_for_each_gate),
        cmocka_unit_test(markdown_is_a_comment_for_a_pull_request),
        cmocka_unit_test(json_has_every_number),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
