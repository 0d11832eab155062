/* The sentence on marks: nothing is said of numbers that can be quoted. */
#include "cm.h"

#include "arms.h"
#include "caption_claims.h"
#include "claims.h"
#include "dataset.h"
#include "text_out.h"

#include <math.h>
#include <stdlib.h>

static struct arm arms[] = { { .cluster = "cluster1", .label = "m4" },
                             { .cluster = "cluster2", .label = "t2" } };
static struct claim_row rows[2];
static struct claims claims = { .rows = rows, .n_rows = 2 };
static const struct dataset data = { .arms = arms, .n_arms = 2, .claims = &claims };

static int all_well(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        rows[i] = (struct claim_row){ .cluster = arms[i].cluster };
        for (int what = 0; what < N_CLAIMS; what++)
            rows[i].claims[what] = (struct claim){ .level = CLAIM_OK, .why = "", .generator_share = NAN };
    }
    return 0;
}

static void mark(size_t row, enum claim_what what, enum claim_level level, const char *why, double share)
{
    rows[row].claims[what] = (struct claim){ .level = level, .why = why, .generator_share = share };
}

static void check(void (*write)(FILE *, const struct dataset *), const char *wanted)
{
    struct text_out text;
    assert_true(text_out_begin(&text));
    write(text.file, &data);
    char *got = text_out_end(&text);
    assert_string_equal(got, wanted);
    free(got);
}

static void numbers_that_can_be_quoted_need_no_words(void **state)
{
    (void)state;
    check(caption_claims_of_times, "");
    check(caption_claims_of_rates, "");
}

static void shares_are_lower_bounds_and_stand_together(void **state)
{
    (void)state;
    mark(0, CLAIM_P50, CLAIM_WARN, "part of it is loadgen's own", .069);
    mark(0, CLAIM_P99, CLAIM_INVALID, "part of it is loadgen's own", .234);
    mark(1, CLAIM_P99, CLAIM_INVALID, "loadgen sent late", .17);
    check(caption_claims_of_times, "Marks: loadgen's own part, at least: m4 p50~ 6.9 %, p99! 23 %, t2 p99! "
                                   "17 % (~ rough, ! do not quote). ");
}

static void each_reason_has_its_numbers(void **state)
{
    (void)state;
    mark(0, CLAIM_P50, CLAIM_NOT_JUDGED, "no receive timestamps", NAN);
    mark(0, CLAIM_P90, CLAIM_INVALID, "loadgen sent late", .001);
    mark(1, CLAIM_P50, CLAIM_NOT_JUDGED, "no receive timestamps", NAN);
    mark(1, CLAIM_P90, CLAIM_NOT_JUDGED, "no receive timestamps", NAN);
    check(caption_claims_of_times, "Marks: no receive timestamps: m4 p50?, t2 p50?, p90?; loadgen sent late: "
                                   "m4 p90! (! do not quote, ? not "
                                   "judged). ");
}

static void numbers_of_few_requests_are_not_quoted(void **state)
{
    (void)state;
    mark(0, CLAIM_P999, CLAIM_NOT_JUDGED, "fewer than ten requests beyond", NAN);
    rows[0].claims[CLAIM_P999].is_few = true;
    check(caption_claims_of_times, "");
}

static void rates_have_their_own_sentence(void **state)
{
    (void)state;
    mark(1, CLAIM_RATE, CLAIM_WARN, "loadgen itself may have been the limit", NAN);
    check(caption_claims_of_times, "");
    check(caption_claims_of_rates, "Marks: loadgen itself may have been the limit: t2 rate~ (~ rough). ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(numbers_that_can_be_quoted_need_no_words, all_well),
        cmocka_unit_test_setup(shares_are_lower_bounds_and_stand_together, all_well),
        cmocka_unit_test_setup(each_reason_has_its_numbers, all_well),
        cmocka_unit_test_setup(numbers_of_few_requests_are_not_quoted, all_well),
        cmocka_unit_test_setup(rates_have_their_own_sentence, all_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
