/* The commit and the compiler that this program was built from. */
#ifndef COMMAND_BUILD_FACTS_H
#define COMMAND_BUILD_FACTS_H

struct recorder_build;

extern const struct recorder_build build_facts;

#endif
