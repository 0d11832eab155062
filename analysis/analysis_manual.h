/* What the manual pages and --help of several commands have in common. */
#ifndef ANALYSIS_ANALYSIS_MANUAL_H
#define ANALYSIS_ANALYSIS_MANUAL_H

#include "options.h"

/* Up to a zeroed row each. */
extern const struct command_note analysis_manual_environment[];
extern const struct command_note analysis_manual_files[];
extern const struct command_page analysis_manual_pages[];
/* loadgen analysis as a whole. */
extern const struct command analysis_manual_overview;

#endif
