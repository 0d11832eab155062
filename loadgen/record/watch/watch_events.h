/* A run's facts as JSON objects on one line each, which the page draws. Times are microseconds. */
#ifndef RECORD_WATCH_EVENTS_H
#define RECORD_WATCH_EVENTS_H

struct watch_facts;

/* What stays the same during a run: names, URL, streams, phases. `run` numbers the runs of this program. */
char *watch_events_run(const struct watch_facts *facts, unsigned run);
/* The last second, and the counts so far. */
char *watch_events_second(const struct watch_facts *facts);
/* How it ended, and the claims. */
char *watch_events_end(const struct watch_facts *facts, unsigned run);
/* All return owned text; NULL when memory is short. */

#endif
