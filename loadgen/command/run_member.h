/* One generator's run as part of a run of several: when it waits for the others, and what they hear of it.
 * Every function may be NULL: then nothing is to be done. All but `on_second` and `on_failure` are called by
 * the thread that called run_here. */
#ifndef COMMAND_RUN_MEMBER_H
#define COMMAND_RUN_MEMBER_H

#include "engine.h"
#include "recorder.h"

#include <jansson.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct plan;
struct run_options;
struct shard_facts;

struct run_member {
    void *payload;
    const struct shard_facts
        *shard;     /* NULL: the whole plan; borrowed, see recorder.h for when it may change */
    bool is_gated;  /* `attend` begins the phases of closed streams */
    bool is_silent; /* shows no progress and no result: those of the whole are shown */
    /* The target is resolved; nothing is written or sent yet. -1 with an error: there is no run. */
    int (*ready)(void *payload, struct engine *engine, struct err *e);
    /* The files are open. Sets when the run starts. -1 with an error: there is no run. */
    int (*start)(void *payload, struct engine_start *at, struct err *e);
    void (*attend)(void *payload);                           /* see engine.h */
    recorder_second_fn *on_second;                           /* see recorder.h */
    void (*on_failure)(void *payload, const char *sentence); /* see recorder.h */
    /* The load has ended here, and may go on elsewhere; nothing more is counted. May change how it ended. */
    void (*ended)(void *payload, enum recorder_end *end);
    /* Its last second was counted; the engine still exists. */
    void (*finished)(void *payload);
};

/* How another process makes the plan of a run again: by the command line, and by which of the runs of a sweep
 * or a campaign it is. All borrowed. */
struct run_recipe {
    char *const *words; /* what follows the command's name */
    size_t n_words;
    const json_t *step; /* in the command's own form; NULL: the command makes one run */
};

/* Who makes runs in place of this process alone. `make` does what run_once says. */
struct run_maker {
    void *payload;
    uint32_t n_generators;
    int (*make)(void *payload, const struct run_options *o, char *const argv[], const struct plan *plan,
                char folder[static PATH_MAX], struct err *e);
    void (*rest)(void *payload, uint64_t ns); /* as stop_rest, between two runs; NULL: stop_rest */
};

#endif
