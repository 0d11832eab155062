/* What each rank does: rank 0 runs the command line, as `loadgen` does, and the others follow its orders. */
#ifndef FLEET_FLEET_PROGRAM_H
#define FLEET_FLEET_PROGRAM_H

#include <stdbool.h>

struct program;
struct wire;

/* Returns the exit code, the same on all ranks; `*is_whole`: none was lost. `about` is the program without
 * its commands. */
int fleet_program_main(const struct program *about, struct wire *w, int argc, char *argv[], bool *is_whole);

/* Whether the command line asks only for what one process answers: help, version, manual. */
bool fleet_program_is_question(int argc, char *const argv[]);
/* Answers it, once however many ranks are asked. Returns the exit code. */
int fleet_program_answer(const struct program *about, int argc, char *argv[]);

#endif
