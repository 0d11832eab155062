#include "background.h"

#include "cm.h"

#include <sched.h>
#include <sys/resource.h>

static void an_urgent_thread_becomes_an_ordinary_one(void **state)
{
    const struct sched_param urgent = { .sched_priority = 1 };
    (void)state;
    if (sched_setscheduler(0, SCHED_FIFO, &urgent))
        skip(); /* not allowed here */
    background_enter(0);
    assert_int_equal(sched_getscheduler(0), SCHED_OTHER);
}

static void it_gets_nicer_but_never_less_nice(void **state)
{
    const int before = getpriority(PRIO_PROCESS, 0);
    (void)state;
    background_enter(before - 1);
    assert_int_equal(getpriority(PRIO_PROCESS, 0), before);
    background_enter(before + 1);
    assert_int_equal(getpriority(PRIO_PROCESS, 0), before < 19 ? before + 1 : 19);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_urgent_thread_becomes_an_ordinary_one),
        cmocka_unit_test(it_gets_nicer_but_never_less_nice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
