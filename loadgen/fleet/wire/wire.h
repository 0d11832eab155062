/* Messages between the ranks of a fleet. Nothing here waits for another rank: a message is copied and leaves
 * when it can, and receiving looks whether one has arrived. Messages of one rank with one tag arrive in the
 * order in which they were sent. Only wire_broadcast and wire_gather wait; they serve the time before the
 * start and after the end of a run.
 *
 * A wire is used by one thread. Its kinds are MPI (wire_mpi.c) and, in tests, ranks of one process. */
#ifndef FLEET_WIRE_H
#define FLEET_WIRE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* What a message is about: a row for each kind of message, with the file that sends it. */
enum wire_tag {
    WIRE_INPUT,       /* inputs of the run, from rank 0 (fleet_run.c) */
    WIRE_FACTS,       /* what a rank is: version, host, limits (fleet_run.c) */
    WIRE_RESULT,      /* what became of it (agreement.c, collect.c) */
    WIRE_FOLDER,      /* a share's folder in pieces, and what becomes of it (collect.c) */
    WIRE_CLOCK,       /* a ping or its answer (fleet_clock.c) */
    WIRE_GATE,        /* a phase is over, or begins (fleet_gates.c) */
    WIRE_STOP,        /* end the run at this fleet time (fleet_stop.c) */
    WIRE_SECOND,      /* a second's statistics, up the tree (reduction.c) */
    WIRE_START,       /* when the run starts, from rank 0 (fleet_start.c) */
    WIRE_OVER,        /* the run has ended, at a rank or everywhere (duties.c) */
    WIRE_PULSE,       /* a rank is alive, to rank 0 (pulse.c) */
    N_WIRE_TAGS = 64, /* room for more */
};

#define WIRE_ANY UINT32_MAX /* any rank */

struct wire_message {
    uint32_t from, tag;
    unsigned char *bytes; /* owned; NULL when empty */
    size_t n_bytes;
};

void wire_message_fini(struct wire_message *m);

struct wire;
struct wire_kind {
    int (*send)(struct wire *w, uint32_t to, uint32_t tag, const void *bytes, size_t n_bytes, struct err *e);
    bool (*receive)(struct wire *w, struct wire_message *m); /* any message that has arrived */
    size_t (*unsent_bytes)(struct wire *w);
    void (*free)(struct wire *w);
};

struct wire_waiting; /* a message that was received while another was waited for */

/* The first member of each kind's own struct. */
struct wire {
    const struct wire_kind *kind;
    uint32_t rank, n_ranks;
    struct wire_waiting *waiting; /* in order of arrival; owned */
    uint64_t n_sent_bytes, n_received_bytes, n_sent, n_received;
};

/* Frees it and what waits in it. Accepts NULL. */
void wire_free(struct wire *w);

/* Sends a copy of the bytes, perhaps to the rank itself. -1 when memory is short or the network reports an
 * error; a message to a dead rank is lost without one. */
int wire_send(struct wire *w, uint32_t to, uint32_t tag, const void *bytes, size_t n_bytes, struct err *e);

/* True if a message has arrived; the caller passes it to wire_message_fini. */
bool wire_receive(struct wire *w, struct wire_message *m);
/* The same for one tag and sender, or WIRE_ANY; other messages stay for later. */
bool wire_receive_of(struct wire *w, uint32_t tag, uint32_t from, struct wire_message *m);

/* Bytes that still wait to leave: a sender of much data waits until they are few. Also moves them on. */
size_t wire_unsent_bytes(struct wire *w);

/* For how long to wait. */
struct wire_patience {
    const atomic_int *stop; /* non-zero ends the wait; borrowed; NULL: nothing does */
    uint64_t until_ns;      /* monotonic */
};

/* Waits for a message. -1 and a sentence when patience ends first. */
int wire_await(struct wire *w, uint32_t tag, uint32_t from, const struct wire_patience *patience,
               struct wire_message *m, struct err *e);

/* Gives rank 0's bytes to all ranks, each of which calls it. `*bytes` is borrowed at rank 0; elsewhere it
 * becomes owned by the caller. -1 and a sentence when patience ends first or memory is short. */
int wire_broadcast(struct wire *w, uint32_t tag, unsigned char **bytes, size_t *n_bytes,
                   const struct wire_patience *patience, struct err *e);

/* Brings the bytes of every rank to rank 0: `all` has a message for each rank there and is NULL elsewhere.
 * The caller passes each to wire_message_fini, even on failure: then `all[i].tag` is N_WIRE_TAGS for ranks
 * that did not answer. */
int wire_gather(struct wire *w, uint32_t tag, const void *bytes, size_t n_bytes, struct wire_message *all,
                const struct wire_patience *patience, struct err *e);

#endif
