/* The options of `loadgen run`: one table for parsing, help, manual and the echo in run.json, and the plan
 * that follows from them: a scenario file with what the command line changes, or quick mode, where the
 * options are the scenario. */
#ifndef COMMAND_RUN_OPTIONS_H
#define COMMAND_RUN_OPTIONS_H

#include "options.h"
#include "plan.h"
#include "share.h"
#include "target.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct err;
struct input_files;
struct plan;
struct run_maker;
struct run_recipe;
struct watch;

/* One of two URLs that are compared, or of two versions of HTTP to one URL: a cluster of its own. */
struct run_arm {
    const char *url;
    char name[PLAN_NAME_BYTES]; /* of the cluster, and of its one stream */
    bool has_http;              /* versions are compared, and this is the arm's */
    enum plan_http http;
};

struct run_options {
    const struct command *command; /* run or plan: whose options run.json echoes */
    const struct command *parsed;  /* whose options `result` is of */
    struct input_files *inputs;    /* the files of the plan; set by the caller, NULL: on disk */
    const char *scenario;          /* the positional argument; NULL in quick mode */
    /* both modes */
    const char *target_url;
    const char *deployment_file;
    const char *only;
    bool on_generator;  /* run on the deployment's generator */
    uint64_t n_threads; /* 0: the scenario's */
    uint64_t seed;
    bool has_seed;
    uint64_t timeout_ns; /* 0: the scenario's */
    struct target_options target;
    /* of several generators */
    const char *shard;        /* as given; NULL: the whole plan */
    struct share share;       /* what that means */
    const char *share_source; /* of share_parse */
    const char *start_at;     /* as given */
    uint64_t start_at_ns;     /* since the epoch; 0: soon */
    const char *local;        /* of a fleet: where each rank keeps its share */
    uint64_t allow_missing;   /* of a fleet: shares that a result may lack */
    /* quick mode */
    struct run_arm arms[2];
    size_t n_arms; /* 2, or 0: target_url alone */
    uint64_t n_connections;
    uint64_t duration_ns;
    uint64_t warmup_ns;
    uint64_t n_requests;
    double rate_per_s;
    int arrivals; /* enum plan_arrivals */
    struct option_list headers;
    const char *method, *body, *body_file, *user;
    struct option_list expect_status;
    const char *expect_body;
    struct option_list thresholds;
    bool no_keepalive;
    uint64_t requests_per_connection;
    uint64_t pipeline;
    uint64_t streams_per_connection; /* over HTTP/2; 0: not given */
    /* how the run is made and written */
    const char *out_folder;
    bool no_results; /* nothing is written */
    int progress;    /* enum recorder_progress */
    bool quiet;      /* no summary on stdout */
    bool json;       /* one object on stdout, and nothing else */
    const char *junit_file, *markdown_file;
    int log; /* enum request_log_form */
    bool strict;
    bool allow_missed;                  /* thresholds; set by commands that judge several runs together */
    bool keep_going;                    /* when results cannot be written */
    bool whole_deployment;              /* copied into the results, with account and addresses */
    const char *metrics_listen, *serve; /* [HOST:]PORT; NULL: not served */
    uint64_t linger_ns;
    struct watch *watch;             /* the server of these; see run_watch.h */
    const struct run_maker *maker;   /* see run_once.h; NULL: this process alone; borrowed */
    const struct run_recipe *recipe; /* of the run, for `maker`; borrowed */
    bool check;                      /* of plan: sends one pass of each session */
    uint64_t row;
    bool pin;
    uint64_t spin_ns;
    struct options_result result;
};

/* Tables for `.shared` of the commands that make runs, whose settings begin with a struct run_options: how
 * any run is made; how it connects; with a URL in place of a scenario, the request and how long it is sent;
 * and the results of one run. */
extern const struct option_row run_shared_rows[];
extern const struct option_row run_network_rows[];
extern const struct option_row run_url_rows[];
extern const struct option_row run_load_rows[];
extern const struct option_row run_result_rows[];

/* Parses argv (what follows `run` or `plan`); of `o`, only `inputs` is set before. The caller frees `o` with
 * run_options_fini in every case. */
int run_options_parse(struct run_options *o, const struct command *command, int argc, char *const argv[],
                      struct err *e);
void run_options_fini(struct run_options *o);
/* Takes the word that names what to send: a scenario, or a URL, which is the target of quick mode. */
int run_options_take_word(struct run_options *o, const char *word, struct err *e);

/* Whether row `row` of the command says what a scenario says in its file. */
bool run_options_is_for_url(const struct command *command, size_t row);

/* Path of the scenario that a word names: a file, or a shipped one. -1 and a sentence when there is none. */
int run_options_find_scenario(struct input_files *in, const char *word, char path[static PATH_MAX],
                              struct err *e);

/* Refuses what a single run can read only once: a body from standard input. For commands that make many. */
int run_options_check_repeatable(const struct run_options *o, struct err *e);

/* The plan that the options ask for: ERR_INPUT when they contradict each other or the scenario is wrong. The
 * caller frees `out` with plan_fini in every case. */
int plan_from_options(struct plan *out, const struct run_options *o, struct err *e);

#endif
