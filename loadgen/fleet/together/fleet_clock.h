/* Fleet time: rank 0's CLOCK_MONOTONIC, and how far each rank's own clocks are from it. A rank asks rank 0
 * for its time and halves the round trip; of several such pings the one with the shortest round trip counts,
 * and the answer is off by half of that at most. Before the run each rank asks 20 times, or more often while
 * the answers are poor; during the run rank 0 lets one rank a second ask again, so that clocks that drift
 * apart are noticed and followed. Starts, ends and seconds are aligned by fleet time; a latency is always a
 * difference on one host's clock. */
#ifndef FLEET_FLEET_CLOCK_H
#define FLEET_FLEET_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct wire;
struct wire_message;
struct wire_patience;

/* How one rank's clocks compare with rank 0's. */
struct fleet_clock_reading {
    int64_t offset_ns;     /* fleet time - the rank's CLOCK_MONOTONIC */
    int64_t wall_ahead_ns; /* the rank's CLOCK_REALTIME - rank 0's */
    uint64_t error_ns;     /* the most that either may be off by */
    uint64_t at_ns;        /* when it was taken, on the rank's CLOCK_MONOTONIC; 0: never */
};

struct fleet_clock {
    struct wire *wire; /* borrowed */
    /* Of this rank: before the run, the one in use, and the newest. */
    struct fleet_clock_reading first, used, last;
    /* At rank 0, [n_ranks], owned: what the ranks reported. */
    struct fleet_clock_reading *firsts, *lasts;
    struct {                     /* pings under way */
        uint32_t n_pings;        /* of this reading */
        uint32_t n_left, number; /* pings, the one under way included; its number */
        uint64_t begun_ns, sent_ns;
        struct fleet_clock_reading best;
    } reader;
    uint32_t turn,
        next_rank; /* rank 0: the rank that reads now, 0: none; the one that read last in the run */
    uint64_t next_turn_ns;
};

/* -1 when memory is short. */
int fleet_clock_init(struct fleet_clock *c, struct wire *wire, struct err *e);
void fleet_clock_fini(struct fleet_clock *c);

/* Every rank reads its clock, one after the other; all ranks call it at about the same time, before the run
 * and, for the drift, perhaps after it. `lost`, [n_ranks] at rank 0 or NULL, names the ranks that take no
 * part. -1 and a sentence when patience ends first. */
int fleet_clock_measure(struct fleet_clock *c, const bool *lost, const struct wire_patience *patience,
                        struct err *e);

/* During the run: called again and again, and with each message WIRE_CLOCK as soon as it arrived. */
void fleet_clock_attend(struct fleet_clock *c, uint64_t now_ns);
void fleet_clock_on_message(struct fleet_clock *c, const struct wire_message *m, uint64_t now_ns);

/* From this rank's CLOCK_MONOTONIC to fleet time and back. */
uint64_t fleet_clock_fleet_ns(const struct fleet_clock *c, uint64_t local_ns);
uint64_t fleet_clock_local_ns(const struct fleet_clock *c, uint64_t fleet_ns);
/* How far this rank's wall clock moved against rank 0's from the first reading to the last. */
int64_t fleet_clock_drift_ns(const struct fleet_clock *c);

/* At rank 0, where `name` is "host c5": "host c5's clock is 250.0 ms ahead", and "..., and drifted by 60.0 ms
 * during the run" where it did so by more than 50 ms. A reading on a busy machine says how vague it is:
 * "253.1 ms (give or take 3.2)". False and "" when neither is worth a sentence. */
enum { FLEET_CLOCK_SAID_BYTES = 192 }; /* room beside the name */
bool fleet_clock_say(const struct fleet_clock *c, uint32_t rank, const char *name, char *out,
                     size_t out_bytes);

#endif
