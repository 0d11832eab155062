/* Who is alive: each rank tells rank 0 once a second how it is, directly, and rank 0 tells each which ranks
 * are away. A rank that was not heard from for 3 s is lost: where MPI is concerned, survivors of a killed
 * rank see no error. A rank that did not look for messages itself, as it stood still, blames no other. */
#ifndef FLEET_PULSE_H
#define FLEET_PULSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct wire;
struct wire_message;

enum { PULSE_TROUBLE_BYTES = 160 };

/* How a rank is. */
struct pulse_state {
    double cpu_pct;      /* of one CPU, the whole process, since the last pulse */
    uint64_t lag_p99_ns; /* in the last second; 0: nothing was due */
    char trouble[PULSE_TROUBLE_BYTES];
};

struct pulse_rank {
    struct pulse_state state;
    uint64_t heard_ns; /* last */
    uint64_t longest_silence_ns;
    bool is_away; /* it has been silent for too long */
    bool is_lost; /* it was, once */
};

struct pulse {
    struct wire *wire; /* borrowed */
    struct pulse_state self;
    struct pulse_rank *ranks; /* [n_ranks], owned; other ranks listen to rank 0 alone */
    uint64_t next_ns, last_turn_ns;
    bool has_begun;
};

/* -1 when memory is short. */
int pulse_init(struct pulse *p, struct wire *wire, struct err *e);
void pulse_fini(struct pulse *p);

/* From `t0_ns` on silence counts. */
void pulse_begin(struct pulse *p, uint64_t t0_ns);
/* True if `self` goes out with the next turn: time to fill it. */
bool pulse_is_due(const struct pulse *p, uint64_t now_ns);
/* After all messages that have arrived. */
void pulse_turn(struct pulse *p, uint64_t now_ns);
/* Takes in a message with the tag WIRE_PULSE. */
void pulse_message(struct pulse *p, const struct wire_message *m, uint64_t now_ns);

uint64_t pulse_silence_ns(const struct pulse *p, uint32_t rank, uint64_t now_ns);

/* At rank 0: "8 generators, 7 told: at most 85 % CPU, lag p99 1.2 ms; host c5 has been silent for 2.1 s". */
void pulse_text(const struct pulse *p, const char *const *hosts, uint32_t n_told, uint64_t now_ns, char *out,
                size_t out_bytes);

#endif
