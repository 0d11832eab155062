/* The options of wrk, wrk2, oha, hey, ab, k6, vegeta, h2load, fortio, bombardier, nighthawk and curl, with
 * what to use here. None is accepted silently: a letter often means something else in the next program. */
#ifndef COMMAND_FOREIGN_OPTIONS_H
#define COMMAND_FOREIGN_OPTIONS_H

#include "options.h"

/* `.elsewhere` of every command that sends load. */
extern const struct option_elsewhere foreign_options[];

#endif
