#include "answer_seconds.h"

#include "err.h"
#include "units.h"

#include "cm.h"

#include "close.h"

static void add(struct answer_seconds *s, const char *instance, uint64_t n)
{
    struct err e;
    assert_int_equal(answer_seconds_add(s, "m4", instance, n, &e), 0);
}

/* Four seconds of 10 and 10: .176197^4. */
static void even_seconds_multiply(void **state)
{
    struct answer_seconds s = { 0 };
    (void)state;
    assert_null(answer_seconds_of(&s, "m4"));
    for (int i = 0; i < 4; i++) {
        add(&s, "i-1", 4);
        add(&s, "i-1", 6);
        add(&s, "i-2", 10);
        answer_seconds_end(&s);
    }
    assert_int_equal(answer_seconds_of(&s, "m4")->n_uneven, 0);
    assert_close(answer_seconds_of(&s, "m4")->p_even, .000963817, 5e-10);
    add(&s, "i-1", 2);
    answer_seconds_end(&s);
    assert_int_equal(answer_seconds_of(&s, "m4")->n_uneven, 1);
    assert_null(answer_seconds_of(&s, "t2"));
    answer_seconds_fini(&s);
}

static void silent_instances_count(void **state)
{
    struct answer_seconds s = { 0 };
    struct err e;
    (void)state;
    assert_int_equal(answer_seconds_declare(&s, "m4", "i-3", &e), 0);
    add(&s, "i-1", 5);
    add(&s, "i-2", 5);
    answer_seconds_end(&s);
    assert_int_equal(answer_seconds_of(&s, "m4")->n_uneven, 1);
    answer_seconds_fini(&s);
    add(&s, "i-1", 5);
    add(&s, "i-2", 5);
    answer_seconds_end(&s);
    assert_int_equal(answer_seconds_of(&s, "m4")->n_uneven, 0);
    add(&s, "i-3", 1); /* it was silent in the first second */
    answer_seconds_end(&s);
    assert_true(answer_seconds_of(&s, "m4")->n_uneven > 0);
    answer_seconds_fini(&s);
}

static void many_instances_are_not_judged(void **state)
{
    struct answer_seconds s = { 0 };
    (void)state;
    for (int i = 0; i < ANSWER_SECONDS_INSTANCES_MOST; i++)
        add(&s, (char[]){ (char)('0' + i), '\0' }, 1);
    assert_non_null(answer_seconds_of(&s, "m4"));
    add(&s, "one more", 1);
    assert_null(answer_seconds_of(&s, "m4"));
    answer_seconds_fini(&s);
}

static void only_whole_seconds_count(void **state)
{
    (void)state;
    assert_true(answer_seconds_is_whole(NS_PER_S));
    assert_true(answer_seconds_is_whole(NS_PER_S - 400 * NS_PER_US));
    assert_false(answer_seconds_is_whole(998 * NS_PER_MS));
    assert_false(answer_seconds_is_whole(2 * NS_PER_S));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(even_seconds_multiply),
        cmocka_unit_test(silent_instances_count),
        cmocka_unit_test(many_instances_are_not_judged),
        cmocka_unit_test(only_whole_seconds_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
