/* The generators of a fleet, a rank each: who they are, and how they agree on whether to go on. Rank 0 leads:
 * it alone reads the command line and the files, prints, and decides. */
#ifndef FLEET_FLEET_H
#define FLEET_FLEET_H

#include "input_files.h"

#include <stdbool.h>
#include <stdint.h>

struct err;
struct wire;
struct wire_patience;

enum { FLEET_HOST_BYTES = 128 };

struct fleet_host {
    char name[FLEET_HOST_BYTES];
};

struct fleet {
    struct wire *wire;        /* borrowed */
    struct fleet_host *hosts; /* owned, [n_ranks]; rank 0's alone */
    bool *is_lost;            /* owned, [n_ranks]; rank 0's alone: the rank died, or fell silent */
    bool is_whole;            /* no rank was lost, as far as this one knows */
    bool is_root_lost;        /* other ranks: rank 0 died, or fell silent */
    bool has_warned;          /* of what is wrong but stops no run */
    bool has_said_clocks;     /* which of them are wrong */
    uint64_t held_ns;         /* when the others were last asked to wait (collect.h) */
    struct input_files files; /* of all plans so far; owned */
    size_t n_files_given;     /* rank 0: so many of them the others have */
};

/* Requires fleet_fini in every case. */
int fleet_init(struct fleet *f, struct wire *w, struct err *e);
void fleet_fini(struct fleet *f);

/* At rank 0: prints that the rank is lost, once; nothing more is expected of it. */
void fleet_lose(struct fleet *f, uint32_t rank);
/* At another: rank 0 is lost. */
void fleet_lose_root(struct fleet *f);

/* For a step that all ranks take before the start. */
struct wire_patience fleet_patience(void);
/* For one in which rank 0 hears from all and answers: there, a signal ends the wait for those that are
 * silent.
 */
struct wire_patience fleet_patience_for_all(const struct fleet *f);

/* The name of the rank's host, "c5", with the rank where several run on it: "c5 (rank 2)". Returns `out`. At
 * rank 0. */
enum { FLEET_NAME_BYTES = FLEET_HOST_BYTES + 32 };
const char *fleet_name(const struct fleet *f, uint32_t rank, char out[FLEET_NAME_BYTES]);

#endif
