/* The options of all subcommands. A subcommand sets those in its table; the others stay zero. */
#ifndef PROVISION_SETTINGS_H
#define PROVISION_SETTINGS_H

#include "options.h"

#include <stdbool.h>
#include <stdint.h>

enum settings_app { SETTINGS_EMULATOR, SETTINGS_FLASK };
extern const char *const settings_apps[];

struct settings {
    int provider;           /* index into command_providers */
    const char *deployment; /* path of the deployment file */
    int progress;           /* enum status_lines_mode */
    int app;                /* enum settings_app; AWS always runs the Flask app */
    uint64_t timeout_ns; /* `up`: how long to wait for all targets to be healthy; 0: the provider's default */

    /* local */
    uint64_t port; /* of the load balancer; 0: a free one */
    bool tls;      /* the load balancer speaks HTTPS */
    double credit_speed;
    bool drained;
    uint64_t service_time_ns;
    bool service_time_given;
    const char *keep_log;

    /* aws */
    const char *region;
    const char *profile;
    const char *ami;
    const char *vpc;
    const char *subnets;     /* comma-separated */
    const char *key;         /* key pair; "" none, NULL the topology's */
    const char *my_address;  /* what "caller" in the ingress stands for; NULL: ask AWS */
    struct option_list tags; /* "KEY=VALUE" for everything that is created */
    const char *package;     /* of loadgen, for the generator: a file, or a URL */
    const char *ssh_key;     /* private key for ssh to the generator; NULL: ssh chooses */
    uint64_t expire_ns;      /* `up`: after which the instances end themselves; 0: never */
    bool dry_run;
    bool lost;
    const char *run_id; /* `down --lost`: the run to remove; NULL: the only one */
    bool any_number;    /* skip the check for a Learner Lab's nine instances */

    /* metrics */
    const char *run; /* run folder */
};

#endif
