/* The events of the present run, and how earlier ones ended, as server-sent events: a page that comes late,
 * or comes back, gets what it has not seen. Bounded: the oldest seconds go first. */
#ifndef RECORD_WATCH_HISTORY_H
#define RECORD_WATCH_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { WATCH_HISTORY_BYTES_MOST = 2 * 1024 * 1024 };

struct watch_event {
    uint64_t number; /* from 1 */
    char *text;      /* owned: the whole event, with its empty line */
    size_t length;
    bool is_second;
};

struct watch_history {
    uint64_t epoch; /* which program the numbers are of: another one may have had the port before */
    uint64_t last;  /* the newest number; 0: none */
    struct watch_event *events; /* owned, by number */
    size_t n, n_most;
    size_t bytes;
};

/* Appends an event: `event` is its name, `data` one line. Returns it, borrowed until the next call; NULL when
 * memory is short. */
const struct watch_event *watch_history_add(struct watch_history *h, const char *event, const char *data);
/* Drops the seconds: another run begins. */
void watch_history_begin(struct watch_history *h);
/* Writes the events behind the one of this id ("EPOCH-NUMBER"); all of them if the id is "" or not ours. */
void watch_history_write(const struct watch_history *h, const char *last_id, FILE *out);
void watch_history_fini(struct watch_history *h);

#endif
