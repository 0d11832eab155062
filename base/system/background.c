#include "background.h"

#include <sched.h>
#include <sys/resource.h>

void background_enter(int niceness)
{
    const struct sched_param none = { 0 };
    sched_setscheduler(0, SCHED_OTHER, &none);
    if (getpriority(PRIO_PROCESS, 0) < niceness)
        setpriority(PRIO_PROCESS, 0, niceness);
}
