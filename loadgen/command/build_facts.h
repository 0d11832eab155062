/* What this program was built from, with what. */
#ifndef COMMAND_BUILD_FACTS_H
#define COMMAND_BUILD_FACTS_H

struct recorder_build;

extern const struct recorder_build build_facts;

#endif
