/* The options in effect, as run.json and the JSON of a run show them: what was given, else the default that
 * the plan took. Secrets are masked. */
#ifndef COMMAND_SETTINGS_ECHO_H
#define COMMAND_SETTINGS_ECHO_H

#include "recorder.h"

#include <stdbool.h>
#include <stddef.h>

struct plan;
struct run_options;

enum { SETTINGS_MOST = 256 };

struct settings_echo {
    struct recorder_setting rows[SETTINGS_MOST]; /* owned texts; one row per value of a repeated option */
    size_t n;
    bool is_short; /* of memory */
};

void settings_echo_init(struct settings_echo *echo, const struct run_options *o, const struct plan *plan);
void settings_echo_fini(struct settings_echo *echo);

#endif
