/* What the emulator's connections share: its settings, the modelled machine, the series of seconds, and the
 * clock that wakes the loop for the earliest deadline. */
#ifndef PROVISION_EMULATOR_STATE_H
#define PROVISION_EMULATOR_STATE_H

#include "deadlines.h"
#include "machine.h"
#include "reply.h"

#include <uv.h>

#include <stdbool.h>
#include <stdint.h>

struct series;
struct series_second;

struct emulator_settings {
    uint64_t port; /* 0: a free one */
    const char *id;
    const char *path;
    const char *control; /* Unix socket that serves the series; NULL: none */
    uint64_t vcpus;
    uint64_t service_time_ns;
    double variation;
    uint64_t seed;
    bool spin; /* burn the service time instead of waiting for it */
    struct cpu_credits_terms credits_terms;
    double credits; /* at the start */
    struct reply_faults faults;
};

enum { EMULATOR_SIGNALS = 3 };

struct emulator {
    const struct emulator_settings *settings;
    uv_loop_t loop;
    uv_tcp_t listener;
    uv_pipe_t control;
    uv_poll_t clock; /* of `timer_fd`, armed for the earliest deadline */
    uv_timer_t second;
    uv_signal_t signals[EMULATOR_SIGNALS];
    int timer_fd;
    uint64_t armed_ns;
    uint64_t epoch_ns; /* CLOCK_REALTIME - CLOCK_MONOTONIC at the start */
    struct deadlines deadlines;
    struct machine machine;
    struct random fault_random;
    struct series *series;   /* owned */
    char date[64];           /* the Date header of this second */
    char receive[64 * 1024]; /* shared by all connections */
};

/* Arms the clock for the earliest deadline. */
void emulator_arm(struct emulator *m);
/* The second of the series that holds `now_ns`, with the credit balance noted; NULL when a later one took its
 * place. */
struct series_second *emulator_second(struct emulator *m, uint64_t now_ns);

#endif
