/* Which run folder is meant: what stands on the command line, or results/latest. */
#ifndef RUN_FOLDER_H
#define RUN_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct options_result;

#define RUN_FOLDER_LATEST "results/latest"

/* The one folder of a command that takes at most one. NULL and a sentence for more, or when it is no folder
 * with a run.json. */
const char *run_path_one(const struct options_result *given, struct err *e);

/* Whether it is the folder of a campaign or of a sweep, which hold runs but are none. */
bool run_path_is_campaign(const char *folder);
bool run_path_is_sweep(const char *folder);

/* Whether a name that a file gives for one of many runs is that of a folder beside the file, and leads
 * nowhere else.
 */
bool run_path_is_name(const char *name);

#endif
