/* What the manual pages and --help of several commands have in common. */
#ifndef ANALYSIS_MANUAL_H
#define ANALYSIS_MANUAL_H

#include "options.h"

/* Up to a zeroed row each. */
extern const struct command_note manual_environment[];
extern const struct command_note manual_files[];
extern const struct command_page manual_pages[];
/* loadgen analysis as a whole. */
extern const struct command manual_overview;

#endif
