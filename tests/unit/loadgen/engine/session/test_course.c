/* The course of one user: begin, steps, end, and what failures make of them. */
#include "cm.h"
#include "small_session.h"

#include <string.h>

#define S SMALL_SECOND_NS

/* Sends the step that is next at `now_ns`, which must be `step`, and answers it `took_ns` later. */
static struct course_verdict answer_with(struct small_session *s, uint32_t step, uint64_t now_ns,
                                         const struct course_answer *answer)
{
    struct course_verdict v;
    const struct course_next next = course_next(&s->course, &s->shared, now_ns);
    assert_int_equal(next.action, COURSE_SEND);
    assert_int_equal(s->course.step, step);
    course_take(&s->course, &s->shared, answer, &v);
    return v;
}

static void ok(struct small_session *s, uint32_t step, uint64_t now_ns, uint64_t took_ns)
{
    const struct course_answer a = { .outcome = OUTCOME_OK, .status = 200, .done_ns = now_ns + took_ns };
    assert_int_equal(answer_with(s, step, now_ns, &a).outcome, OUTCOME_OK);
}

static struct course_next next(struct small_session *s, uint64_t now_ns)
{
    return course_next(&s->course, &s->shared, now_ns);
}

static void begin(struct small_session *s, uint64_t pass, uint64_t now_ns)
{
    const struct course_next n = next(s, now_ns);
    assert_int_equal(n.action, COURSE_PASS_DUE);
    course_begin_pass(&s->course, &s->shared, pass, 0, n.due_ns);
}

static struct course_result over(struct small_session *s, uint64_t now_ns)
{
    assert_int_equal(next(s, now_ns).action, COURSE_PASS_OVER);
    return course_result(&s->course);
}

static void begin_runs_once_then_passes_then_end(void **state)
{
    struct small_session s;
    (void)state;
    small_session_init(&s, 1, 2, 1);
    begin(&s, 0, 10 * S);
    ok(&s, 0, 10 * S, S);
    ok(&s, 1, 11 * S, S);
    ok(&s, 2, 12 * S, S);
    over(&s, 13 * S);
    begin(&s, 1, 13 * S);
    ok(&s, 1, 13 * S, S);
    ok(&s, 2, 14 * S, S);
    over(&s, 15 * S);
    course_finish(&s.course, &s.shared, 15 * S);
    ok(&s, 3, 15 * S, S);
    assert_int_equal(next(&s, 16 * S).action, COURSE_USER_OVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begin_runs_once_then_passes_then_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
