/* The commands of loadgen-fleet: those of loadgen, with the options that are the fleet's alone. */
#ifndef FLEET_FLEET_OPTIONS_H
#define FLEET_FLEET_OPTIONS_H

#include "run_options.h"

/* The program as a whole. */
extern const struct command fleet_overview;
extern const struct command fleet_run_command;
extern const struct command fleet_sweep_command;
extern const struct command fleet_campaign_command;

#endif
