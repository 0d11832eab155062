/* Whether something keeps this host's wall clock right, as the kernel knows it from adjtimex(2). */
#ifndef BASE_CLOCK_SYNC_H
#define BASE_CLOCK_SYNC_H

#include <stdbool.h>

struct clock_sync {
    bool is_synchronised; /* also true where the kernel does not say, as in some containers */
    double
        max_error_us; /* the kernel's estimate, which grows while nothing corrects the clock; NAN: unknown */
};

struct clock_sync clock_sync_read(void);

#endif
