/* Where the toolkit's own files are: data files in share/loadgen of the folder above the running program's,
 * of a build tree too, and the sibling programs beside it. No path is compiled in, so an installation may be
 * moved. */
#ifndef BASE_PATHS_H
#define BASE_PATHS_H

#include <stddef.h>

struct err;

/* Finds `relative` (such as "loadgen/scenarios/tp1.yaml") under $LOADGEN_DATA_DIR, else under share/loadgen.
 * Writes the path to `out`; -1 when it is in neither (no error is set). */
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
