/* Watching a run while it goes on: a server in a thread of its own that shows what the recorder publishes
 * once a second, as metrics for a scraper (/metrics) and as a page that a browser keeps up to date. It
 * outlives runs, so that a sweep or a campaign is watched as a whole. */
#ifndef RECORD_WATCH_H
#define RECORD_WATCH_H

#include <stdatomic.h>
#include <stdint.h>

struct err;
struct watch;
struct watch_facts;

/* Listens, says on stderr where, and starts the thread. `metrics` and `page` are `[HOST:]PORT`, or NULL. NULL
 * and a sentence when an address is wrong or taken. */
struct watch *watch_new(const char *metrics, const char *page, struct err *e);
/* Accepts NULL. */
void watch_free(struct watch *w);

/* Takes the facts. From one thread at a time; never waits for a client. */
void watch_publish(struct watch *w, struct watch_facts *facts);

/* Waits until the final values were scraped, and shown on a page, as far as either is served; at most so
 * long, and not once `stop` is set. Returns at once if no run ended. */
void watch_linger(struct watch *w, uint64_t most_ns, const atomic_int *stop);

#endif
