/* Recorded requests: a file with a request on each line, in the order in which they are due. It is read
 * twice: once when the plan is made, to check and count it, and line by line while it is sent, so that its
 * length costs no memory. A phase replays one file, or a part of it. docs/replay.md describes the file. */
#ifndef PLAN_RECORDING_H
#define PLAN_RECORDING_H

#include "recording_line.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct input_files;
struct plan_target;

enum {
    RECORDING_ROWS_MOST = 64,  /* of a stream */
    RECORDING_NAME_SLOTS = 256 /* more than rows, a power of two */
};

/* The names of a stream's rows, in order of appearance, found by hash. */
struct recording_names {
    char list[RECORDING_ROWS_MOST][RECORDING_NAME_BYTES];
    uint8_t slots[RECORDING_NAME_SLOTS]; /* index + 1; 0: free */
    uint32_t n;
};

/* The part of a file that a phase replays. */
struct recording_part {
    char *path; /* under which the file is opened, owned */
    char *name; /* for people, owned */
    struct recording_columns columns;
    uint64_t from_bytes; /* where its first line begins in the file */
    uint64_t from_ns;    /* time in the file at which the phase begins */
    uint64_t n;          /* requests */
    uint64_t last_ns;    /* time in the file of the last one */
    uint64_t n_busiest;  /* requests of the busiest second of the file */
    double speed;
};

/* What the recorded requests of a stream have in common. */
struct recording {
    struct recording_names names; /* none: one unnamed row */
    char *base_path;              /* of the target */
    char *host_line,
        *agent_line;  /* where a line has none of its own; "" when the scenario gives the header */
    char *head;       /* header lines of the scenario */
    char *shown_head; /* the same without secrets, for people */
    bool closes;      /* each connection carries one request */
    bool is_http2;
};

/* What a phase asks for. */
struct recording_wish {
    const char *name; /* as in the scenario */
    double speed;
    uint64_t skip_ns;     /* of the recording, from its first request on */
    uint64_t duration_ns; /* of the phase; 0: until the last request */
};

/* Prepares what all requests of the stream share. `head` holds the header lines that the scenario adds to
 * each, in place of recorded ones, `shown_head` the same without secrets. Owned by the caller
 * (recording_free); NULL when memory is short. */
struct recording *recording_new(const struct plan_target *target, const char *head, const char *shown_head,
                                bool closes);
void recording_free(struct recording *r);

/* Reads the file at `path` through and fills `out`, adding the names of its rows to `r`. The caller frees
 * `out` with recording_part_free. NULL and a sentence that names file and line. */
struct recording_part *recording_scan(struct recording *r, struct input_files *in, const char *path,
                                      const struct recording_wish *wish, struct err *e);
void recording_part_free(struct recording_part *part);

/* When a request of the file is due, after the phase's start. */
static inline uint64_t recording_due_ns(const struct recording_part *part, uint64_t file_ns)
{
    return (uint64_t)((double)(file_ns - part->from_ns) / part->speed);
}

/* Index of the row's name; UINT32_MAX when there is none. */
uint32_t recording_row(const struct recording_names *names, const struct recording_text *name);

#endif
