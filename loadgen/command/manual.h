/* What the manual pages and --help of several commands have in common: variables, files, where to read on. */
#ifndef COMMAND_MANUAL_H
#define COMMAND_MANUAL_H

#include "options.h"

/* Up to a zeroed row each. */
extern const struct command_note manual_environment[];
extern const struct command_note manual_files[];
extern const struct command_page manual_pages[];
/* loadgen as a whole. */
extern const struct command manual_overview;

#endif
