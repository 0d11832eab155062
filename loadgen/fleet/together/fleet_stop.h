/* The end of a run before its time, for the whole fleet: any rank asks rank 0 for it, which orders all ranks
 * to end at one moment of fleet time. The first request counts. A rank that gets no order within half a
 * second of a signal ends by itself: rank 0 is dead, or out of reach. */
#ifndef FLEET_FLEET_STOP_H
#define FLEET_FLEET_STOP_H

#include "recorder.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct engine;
struct fleet_clock;
struct wire_message;

enum fleet_stop_cause {
    FLEET_STOP_SIGNAL, /* `detail` is its number */
    FLEET_STOP_ABORT,  /* a threshold of the whole fleet was missed, or the plan ends the run */
    FLEET_STOP_LOST,   /* `detail` is the rank that is lost */
    FLEET_STOP_FAILED, /* results cannot be written, or a thread cannot be started */
};

struct fleet_stop_order {
    uint32_t cause;  /* enum fleet_stop_cause */
    uint32_t rank;   /* that asked for it */
    uint32_t detail; /* see the causes */
    uint32_t unused;
    uint64_t at_ns; /* fleet time; 0: none has been given */
};

struct fleet_stop {
    struct fleet_clock *clock;     /* borrowed, as the others */
    struct engine *engine;         /* NULL: there is no run to end, but orders are noted */
    const atomic_int *flag;        /* a signal's number */
    struct fleet_stop_order order; /* the one in force */
    uint64_t asked_ns;             /* when this rank first asked; 0: never */
    struct fleet_stop_order asked;
};

void fleet_stop_init(struct fleet_stop *s, struct fleet_clock *clock, struct engine *engine,
                     const atomic_int *flag);

/* Asks for the end of the run, at any rank. */
void fleet_stop_ask(struct fleet_stop *s, enum fleet_stop_cause cause, uint32_t detail, uint64_t now_ns);
/* Ends this rank's run at once, since rank 0 is lost. */
void fleet_stop_alone(struct fleet_stop *s, uint64_t now_ns);

/* During the run: called again and again, and with each message WIRE_STOP. Heeds the signal flag and
 * engine_stop_cause. */
void fleet_stop_attend(struct fleet_stop *s, uint64_t now_ns);
void fleet_stop_on_message(struct fleet_stop *s, const struct wire_message *m, uint64_t now_ns);

bool fleet_stop_is_ordered(const struct fleet_stop *s);
/* How a run ends that was ordered to; RECORDER_DONE: it was not. */
enum recorder_end fleet_stop_end(const struct fleet_stop *s);

#endif
