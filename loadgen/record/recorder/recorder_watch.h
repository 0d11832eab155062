/* Publishes what can be watched of the run (watch.h), from the recorder's state; does nothing unless
 * --serve or --metrics-listen was given. */
#ifndef RECORD_RECORDER_WATCH_H
#define RECORD_RECORDER_WATCH_H

#include <stdint.h>

struct recorder;
struct recorder_ending;
struct second;
struct verdict;

/* The run begins. */
void recorder_watch_begin(struct recorder *r);
/* A second that lasted `length_ns` is part of the run now. */
void recorder_watch_second(struct recorder *r, const struct second *second, uint64_t length_ns);
/* The run has ended and was judged. */
void recorder_watch_end(struct recorder *r, const struct recorder_ending *ending,
                        const struct verdict *verdict);

#endif
