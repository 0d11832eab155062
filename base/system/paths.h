/* Where the toolkit's own files are: data files beside the sources or under share/loadgen of an installation,
 * and the sibling programs beside the running one. */
#ifndef BASE_PATHS_H
#define BASE_PATHS_H

#include <stddef.h>

struct err;

/* Finds `relative` (such as "loadgen/scenarios/tp1.yaml") under $LOADGEN_DATA_DIR,
 * <program>/../share/loadgen, or the source tree that the program was built from, in that order. Writes the
 * path to `out`; -1 when it is nowhere (no error is set). */
int paths_data(const char *relative, char *out, size_t out_bytes);

/* Path of the program `name` in the folder of the running program, or plain `name` (to be searched on PATH)
 * when it is not there. */
void paths_program(const char *name, char *out, size_t out_bytes);

/* A shipped file or a path: a word without '/' and without the ending is looked up as FOLDER/word.yaml, after
 * a file of that very name was not found. On failure the sentence lists what is shipped in FOLDER. `what` is
 * the noun in it: "scenario", "topology". */
int paths_shipped(const char *what, const char *folder, const char *given, char *out, size_t out_bytes,
                  struct err *e);

#endif
