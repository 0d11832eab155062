#include "run_watch.h"

#include "run_options.h"
#include "stop.h"
#include "watch.h"

#include <stddef.h>
#include <stdio.h>

int run_watch_open(struct run_options *o, struct err *e)
{
    if (!o->metrics_listen && !o->serve)
        return 0;
    o->watch = watch_new(o->metrics_listen, o->serve, e);
    return o->watch ? 0 : -1;
}

void run_watch_close(struct run_options *o)
{
    if (!o->watch)
        return;
    fflush(stdout); /* what was printed does not wait */
    watch_linger(o->watch, o->linger_ns, stop_flag());
    watch_free(o->watch);
    o->watch = NULL;
}
