#include "clock_sync.h"

#include <math.h>
#include <sys/timex.h>

struct clock_sync clock_sync_read(void)
{
    struct timex t = { .modes = 0 };
    if (adjtimex(&t) < 0)
        return (struct clock_sync){ .is_synchronised = true, .max_error_us = NAN };
    return (struct clock_sync){ .is_synchronised = !(t.status & STA_UNSYNC),
                                .max_error_us = (double)t.maxerror };
}
