/* How a campaign was made and what its pairs show, in sentences. */
#include "cm.h"
#include "made_text.h"

#include "comparison.h"
#include "report_campaign.h"
#include "report_evidence.h"
#include "text_out.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_PAIRS = 8 };

static struct comparison_pair pairs[N_PAIRS];

static struct comparison made(const char *order)
{
    struct comparison c = {
        .pairs = pairs, .n_pairs = N_PAIRS, .primary = SAMPLE_P99, .margin = .05, .confidence = .95
    };
    memset(pairs, 0, sizeof pairs);
    for (unsigned i = 0; i < N_PAIRS; i++) {
        struct comparison_pair *pair = &pairs[i];
        pair->number = i + 1;
        snprintf(pair->order, sizeof pair->order, "%s",
                 strcmp(order, "side") == 0 ? "side"
                 : i % 2                    ? "BA"
                                            : "AB");
        snprintf(pair->a.label, sizeof pair->a.label, "m4");
        snprintf(pair->b.label, sizeof pair->b.label, "t2");
        snprintf(pair->a.run_id, sizeof pair->a.run_id, "pair-%u", i);
        pair->a.value[SAMPLE_P99] = 1e6 * (i + 1);
        pair->b.value[SAMPLE_P99] = 2e6 * (i + 1);
        pair->a.goodput.limit_s = NAN;
    }
    return c;
}

static char *design_of(const struct comparison *c)
{
    struct text_out text;
    assert_true(text_out_begin(&text));
    report_campaign_design(text.file, c);
    char *said = text_out_end(&text);
    assert_non_null(said);
    return said;
}

static void runs_side_by_side_are_not_called_one_after_the_other(void **state)
{
    const struct comparison side = made("side");
    (void)state;
    char *said = design_of(&side);
    assert_says(said, "Each pair is one run that sent the loads of m4 and of t2 side by side. ");
    assert_says_not(said, "after the other");
    free(said);
    struct comparison turns = made("AB");
    turns.n_pairs = N_PAIRS - 1;
    turns.n_controls = 1;
    pairs[N_PAIRS - 1].is_control = true;
    said = design_of(&turns);
    assert_says(said, "Each pair is one run of m4 and one of t2 with the same schedule, one after the other "
                      "in an order drawn at random; each control pair is m4 twice.");
    assert_says(
        said,
        "p99 was declared in advance as what decides; differences up to 5 % count as equal. The number of "
        "pairs was fixed in advance.");
    free(said);
}

static void two_urls_are_shown_once(void **state)
{
    struct comparison c = made("AB");
    (void)state;
    snprintf(c.urls[0], sizeof c.urls[0], "http://h:1/");
    snprintf(c.urls[1], sizeof c.urls[1], "http://i/x");
    char *said = design_of(&c);
    assert_says(said, "m4 is http://h:1/, t2 is http://i/x. Each pair is one run of m4 and one of t2");
    free(said);
}

static void a_campaign_that_ended_by_its_width_says_so(void **state)
{
    struct comparison c = made("AB");
    (void)state;
    c.n_looks = 3;
    c.width = .04;
    c.confidence = .97;
    char *said = design_of(&c);
    assert_says(
        said,
        " Pairs were added until the interval of the ratio was at most 4 % wide. It was looked at 3 times; "
        "so that it still covers 95 %, it has the quantiles of 97 %.");
    assert_says_not(said, "fixed in advance");
    free(said);
}

static void assert_note(const struct note_list *notes, const char *heading, const char *text)
{
    const char *last = "";
    for (size_t i = 0; i < notes->n; i++) {
        last = *notes->rows[i].heading ? notes->rows[i].heading : last;
        if (strcmp(last, heading) == 0 && strcmp(notes->rows[i].text, text) == 0)
            return;
    }
    fail_msg("no note '%s' under '%s'", text, heading);
}

static void what_the_pairs_show_is_noted_whatever_it_is(void **state)
{
    struct comparison c = made("AB");
    (void)state;
    c.results[SAMPLE_P99] = (struct decide_result){
        .n_pairs = N_PAIRS,
        .sd_log = .05,
        .detectable_ratio = 1.06,
        .lag1 = .12,
        .ratio_rank = { 2.01, 1.98, 2.04 },
        .p_rank = .0078,
        .a12 = .75,
        .equivalence = { 2, 1.97, 2.03 },
        .p_equivalence = 1,
        .order = { 4, 4, 2.02, 1.98, .89 },
    };
    struct note_list notes = report_evidence_notes(&c);
    assert_false(notes.is_short);
    assert_note(&notes, "effect",
                "a run of t2 is higher than one of m4 with probability 0.75 (A12; 0.5: no effect)");
    assert_note(&notes, "equivalence",
                "90 % interval 1.970 to 2.030, declared as equal 0.952 to 1.050; two one-sided tests p = 1");
    assert_note(&notes, "order",
                "ratio 2.020 in the 4 pairs that ran m4 first, 1.980 in the 4 that ran t2 first "
                "(Mann-Whitney p = 0.89)");
    assert_note(&notes, "drift", "of m4 itself: tau 1.00 (p = 0.00084)");
    note_list_fini(&notes);
}

static void few_pairs_show_nothing(void **state)
{
    struct comparison c = made("AB");
    (void)state;
    c.results[SAMPLE_P99].n_pairs = DECIDE_PAIRS_LEAST - 1;
    struct note_list notes = report_evidence_notes(&c);
    assert_int_equal(notes.n, 0);
    note_list_fini(&notes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_side_by_side_are_not_called_one_after_the_other),
        cmocka_unit_test(two_urls_are_shown_once),
        cmocka_unit_test(a_campaign_that_ended_by_its_width_says_so),
        cmocka_unit_test(what_the_pairs_show_is_noted_whatever_it_is),
        cmocka_unit_test(few_pairs_show_nothing),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
