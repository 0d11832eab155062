#include "descriptors.h"

#include "err.h"
#include "plan.h"
#include "units.h"

#include <stddef.h>
#include <sys/resource.h>

enum { DESCRIPTORS_BESIDE = 64, DESCRIPTORS_PER_THREAD = 8 }; /* files of the run folder, loops, timers */

int descriptors_raise(const struct plan *plan, struct err *e)
{
    struct rlimit limit;
    const uint64_t n_connections = plan_n_connections(plan);
    const uint64_t needed =
        n_connections + DESCRIPTORS_BESIDE + (uint64_t)plan->n_threads * DESCRIPTORS_PER_THREAD;

    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= needed)
        return 0;
    const rlim_t soft = limit.rlim_cur;
    if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= needed) {
        limit.rlim_cur = needed;
        if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
            return 0;
    }
    char connections[UNITS_TEXT_BYTES];
    char may[UNITS_TEXT_BYTES];
    char hard[UNITS_TEXT_BYTES];
    char raise[UNITS_TEXT_BYTES];
    const uint64_t beside = needed - n_connections;
    return err_set(e, ERR_INPUT,
                   "cannot open %s connections: this process may open %s files (hard limit %s). Raise it "
                   "with `ulimit -Hn %llu`, or "
                   "use %s connections in all",
                   units_count_text(n_connections, connections), units_count_text(soft, may),
                   units_count_text(limit.rlim_max, hard), (unsigned long long)needed,
                   units_count_text(limit.rlim_max > beside ? limit.rlim_max - beside : 1, raise));
}
