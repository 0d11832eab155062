/* One emulated instance: an HTTP/1.1 server on 127.0.0.1 that answers what the deployed app answers, when a
 * machine of its type would have, and misbehaves on request. One thread, one libuv loop. */
#ifndef PROVISION_EMULATOR_H
#define PROVISION_EMULATOR_H

#include "deadlines.h"
#include "faults.h"
#include "machine.h"
#include "series.h"

#include <uv.h>

#include <stdbool.h>
#include <stdint.h>

struct err;

struct emulator_settings {
    uint64_t port; /* 0: a free one */
    const char *id;
    const char *path;
    const char *control; /* Unix socket that hands out the series; NULL: none */
    uint64_t vcpus;
    uint64_t service_time_ns;
    double variation;
    uint64_t seed;
    bool spin; /* burn the service time instead of waiting for it */
    struct cpu_credits_terms credits_terms;
    double credits; /* at the start */
    struct faults faults;
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
    char receive[64 * 1024]; /* what all connections read into */
};

/* Listens; the port is in *port. `settings` is borrowed until emulator_fini. Fine to call emulator_fini after
 * -1. */
int emulator_init(struct emulator *m, const struct emulator_settings *settings, unsigned *port,
                  struct err *e);
/* Serves until SIGINT, SIGTERM or SIGHUP; those that were ignored at the start stay ignored. */
void emulator_run(struct emulator *m);
void emulator_fini(struct emulator *m);

/* For connections: arms the clock for the earliest deadline; the second of the series that is now. */
void emulator_arm(struct emulator *m);
struct series_second *emulator_second(struct emulator *m, uint64_t now_ns);

#endif
