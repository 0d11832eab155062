/* The gates between the phases of closed streams, for the whole fleet: a rank reports to rank 0 when its last
 * thread is done with a phase. Once all ranks with a connection of the stream have, rank 0 orders the next
 * phase to begin everywhere, at a moment a few milliseconds ahead. So no rank sends a request of a phase
 * before the last of the previous one is answered everywhere, and all record the same times. The end of a
 * stream is such a gate, too. The engine must be gated (engine.h). */
#ifndef FLEET_FLEET_GATES_H
#define FLEET_FLEET_GATES_H

#include <stdbool.h>
#include <stdint.h>

struct engine;
struct err;
struct fleet_clock;
struct fleet_gate;
struct plan;
struct wire_message;

struct fleet_gates {
    const struct plan *plan; /* borrowed, as all pointers but `list` and `lost` */
    struct fleet_clock *clock;
    struct engine *engine;
    struct fleet_gate *list; /* [n_streams] */
    bool *lost;              /* rank 0: [n_ranks] */
};

/* Once the engine exists, before the run. -1 when memory is short. */
int fleet_gates_init(struct fleet_gates *g, const struct plan *plan, struct fleet_clock *clock,
                     struct engine *engine, struct err *e);
void fleet_gates_fini(struct fleet_gates *g);

/* During the run: called again and again, and with each message WIRE_GATE. */
void fleet_gates_attend(struct fleet_gates *g, uint64_t now_ns);
void fleet_gates_on_message(struct fleet_gates *g, const struct wire_message *m, uint64_t now_ns);
/* Whether phases are still to begin: then messages are urgent. */
bool fleet_gates_are_ahead(const struct fleet_gates *g);
/* At rank 0: the rank is dead, or its run has ended, and nothing waits for it any more. */
void fleet_gates_lost(struct fleet_gates *g, uint32_t rank, uint64_t now_ns);
/* The rank is waited for again. */
void fleet_gates_found(struct fleet_gates *g, uint32_t rank);

#endif
