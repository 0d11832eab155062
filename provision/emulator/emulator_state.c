#include "emulator_state.h"

#include "series.h"
#include "units.h"

#include <sys/timerfd.h>
#include <time.h>

struct series_second *emulator_second(struct emulator *m, uint64_t now_ns)
{
    struct series_second *second = series_at(m->series, (now_ns + m->epoch_ns) / NS_PER_S);
    if (second)
        second->credit_balance = cpu_credits_balance(&m->machine.credits, now_ns);
    return second;
}

void emulator_arm(struct emulator *m)
{
    const struct deadline *first = deadlines_first(&m->deadlines);
    if (!first || first->due_ns == m->armed_ns)
        return;
    const struct itimerspec at = { .it_value = { .tv_sec = (time_t)(first->due_ns / NS_PER_S),
                                                 .tv_nsec = (long)(first->due_ns % NS_PER_S) } };
    timerfd_settime(m->timer_fd, TFD_TIMER_ABSTIME, &at, NULL);
    m->armed_ns = first->due_ns;
}
