#include "retry.h"
#include "units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool decide(struct retry_bucket *b, struct retry_call *call, enum aws_class class, bool timed_out,
                   bool repeatable, double u, uint64_t *wait_ns)
{
    const struct aws_failure f = { .class = class, .timed_out = timed_out };
    call->repeatable = repeatable;
    return retry_decide(b, call, &f, u, 0, wait_ns);
}

static unsigned attempts(enum aws_class class, bool repeatable)
{
    struct retry_bucket b;
    struct retry_call call = { 0 };
    uint64_t wait_ns;
    retry_bucket_init(&b);
    while (decide(&b, &call, class, false, repeatable, 0.5, &wait_ns))
        ;
    return call.n_failures[class];
}

static void classes_have_their_patience(void **state)
{
    (void)state;
    assert_int_equal(attempts(AWS_CLASS_THROTTLED, true), 8);
    assert_int_equal(attempts(AWS_CLASS_THROTTLED, false), 8); /* it was not carried out */
    assert_int_equal(attempts(AWS_CLASS_TRANSIENT, true), 8);
    assert_int_equal(attempts(AWS_CLASS_TRANSIENT, false), 1);   /* its outcome is unknown */
    assert_int_equal(attempts(AWS_CLASS_UNREACHABLE, false), 3); /* it was never sent */
    static const enum aws_class once[] = { AWS_CLASS_CREDENTIALS, AWS_CLASS_QUOTA,    AWS_CLASS_INPUT,
                                           AWS_CLASS_CONFLICT,    AWS_CLASS_ORDERING, AWS_CLASS_MISSING,
                                           AWS_CLASS_NOT_AWS,     AWS_CLASS_STOPPED,  AWS_CLASS_OTHER };
    for (size_t i = 0; i < sizeof once / sizeof once[0]; i++)
        assert_int_equal(attempts(once[i], true), 1);
}

static void waits_double_up_to_20_s_and_are_jittered(void **state)
{
    static const uint64_t most_s[] = { 1, 2, 4, 8, 16, 20, 20 };
    struct retry_bucket b;
    struct retry_call call = { 0 };
    (void)state;
    retry_bucket_init(&b);
    for (size_t i = 0; i < sizeof most_s / sizeof most_s[0]; i++) {
        uint64_t wait_ns;
        assert_true(decide(&b, &call, AWS_CLASS_THROTTLED, false, true, 0.25, &wait_ns));
        assert_int_equal(wait_ns, most_s[i] * NS_PER_S / 4);
    }
}

static void what_the_service_asks_for_is_honoured_within_reason(void **state)
{
    static const struct {
        uint64_t asked_ms, wait_ms;
    } cases[] = { { 100, 500 }, { 3000, 3000 }, { 600000, 5500 } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct aws_failure f = { .class = AWS_CLASS_THROTTLED };
        struct retry_bucket b;
        struct retry_call call = { .repeatable = true };
        uint64_t wait_ns;
        retry_bucket_init(&b);
        assert_true(retry_decide(&b, &call, &f, 0.5, cases[i].asked_ms, &wait_ns));
        assert_int_equal(wait_ns, cases[i].wait_ms * NS_PER_MS);
    }
}

static void repeats_are_paid_from_a_bucket(void **state)
{
    struct retry_bucket b = { .tokens = 17 };
    struct retry_call first = { 0 };
    struct retry_call second = { 0 };
    uint64_t wait_ns;
    (void)state;
    assert_true(decide(&b, &first, AWS_CLASS_TRANSIENT, true, true, 0, &wait_ns));
    assert_int_equal(b.tokens, 7); /* a time-out costs 10 */
    assert_true(decide(&b, &second, AWS_CLASS_TRANSIENT, false, true, 0, &wait_ns));
    assert_int_equal(b.tokens, 2);
    assert_false(decide(&b, &second, AWS_CLASS_TRANSIENT, false, true, 0, &wait_ns));
    retry_succeeded(&b, &first);
    assert_int_equal(b.tokens, 12); /* the cost of its last repeat comes back */
    retry_succeeded(&b, &first);
    assert_int_equal(b.tokens, 13); /* and 1 for each success without one */
    b.tokens = RETRY_BUCKET_TOKENS;
    retry_succeeded(&b, &first);
    assert_int_equal(b.tokens, RETRY_BUCKET_TOKENS);
}

static void what_was_made_moments_ago_is_looked_for_during_two_minutes(void **state)
{
    const struct aws_failure missing = { .class = AWS_CLASS_MISSING };
    struct retry_bucket b = { .tokens = 0 }; /* a look is free: AWS works as documented */
    struct retry_call call = { .may_lag = true };
    uint64_t wait_ns;
    uint64_t total_ns = 0;
    (void)state;
    for (; retry_decide(&b, &call, &missing, 0.5, 0, &wait_ns); total_ns += wait_ns)
        assert_in_range(wait_ns, NS_PER_S, 5 * NS_PER_S);
    assert_in_range(total_ns, 120 * NS_PER_S, 125 * NS_PER_S);
}

static void each_kind_of_failure_has_a_patience_of_its_own(void **state)
{
    static const enum aws_class kinds[] = { AWS_CLASS_MISSING, AWS_CLASS_TRANSIENT, AWS_CLASS_THROTTLED };
    struct retry_bucket b;
    struct retry_call call = { .may_lag = true };
    uint64_t wait_ns;
    (void)state;
    retry_bucket_init(&b);
    for (int i = 0; i < 21; i++)
        assert_true(decide(&b, &call, kinds[i % 3], false, true, 0.5, &wait_ns));
    assert_false(decide(&b, &call, AWS_CLASS_TRANSIENT, false, true, 0.5, &wait_ns));
}

static void a_network_that_was_there_may_come_back(void **state)
{
    struct retry_bucket b;
    struct retry_call call = { .reached = true };
    uint64_t wait_ns;
    (void)state;
    retry_bucket_init(&b);
    while (decide(&b, &call, AWS_CLASS_UNREACHABLE, false, false, 0.5, &wait_ns))
        ;
    assert_int_equal(call.n_failures[AWS_CLASS_UNREACHABLE], 8);
}

static void three_time_outs_are_enough(void **state)
{
    struct retry_bucket b;
    struct retry_call call = { 0 };
    uint64_t wait_ns;
    (void)state;
    retry_bucket_init(&b);
    assert_true(decide(&b, &call, AWS_CLASS_TRANSIENT, true, true, 0.5, &wait_ns));
    assert_true(decide(&b, &call, AWS_CLASS_TRANSIENT, true, true, 0.5, &wait_ns));
    assert_false(decide(&b, &call, AWS_CLASS_TRANSIENT, true, true, 0.5, &wait_ns));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_have_their_patience),
        cmocka_unit_test(waits_double_up_to_20_s_and_are_jittered),
        cmocka_unit_test(what_the_service_asks_for_is_honoured_within_reason),
        cmocka_unit_test(repeats_are_paid_from_a_bucket),
        cmocka_unit_test(what_was_made_moments_ago_is_looked_for_during_two_minutes),
        cmocka_unit_test(each_kind_of_failure_has_a_patience_of_its_own),
        cmocka_unit_test(a_network_that_was_there_may_come_back),
        cmocka_unit_test(three_time_outs_are_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
