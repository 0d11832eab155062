/* Publishes the fleet's run to those who watch it in a browser or by Prometheus, at rank 0. A generator takes
 * the place that a thread has where one machine is watched. */
#ifndef FLEET_FLEET_WATCH_H
#define FLEET_FLEET_WATCH_H

#include <stdint.h>

struct fleet_sum;
struct pulse;
struct reduced;
struct run_view;
struct watch;

/* All borrowed. */
struct fleet_watch {
    struct watch *watch; /* NULL: the run is not watched */
    const char *run_id;
    uint64_t t0_ns, t0_realtime_ns;
    const struct run_view *view;
    const struct fleet_sum *sum;
    const struct pulse *pulse;
};

void fleet_watch_begin(const struct fleet_watch *w);
void fleet_watch_second(const struct fleet_watch *w, const struct reduced *second);
/* `end`: "done", "interrupted", ...; constant. */
void fleet_watch_end(const struct fleet_watch *w, const char *end, uint64_t now_ns);

#endif
