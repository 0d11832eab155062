/* Chooses the run folder: the one on the command line, or results/latest. */
#ifndef RUN_PATH_H
#define RUN_PATH_H

#include <stdbool.h>

struct err;
struct options_result;

#define RUN_PATH_LATEST "results/latest"

/* The folder of a command that takes at most one. NULL when more are given, or it does not exist. */
const char *run_path_one(const struct options_result *given, struct err *e);

/* Whether the folder is that of a campaign or a sweep, which holds runs but is none. */
bool run_path_is_campaign(const char *folder);
bool run_path_is_sweep(const char *folder);

/* Whether the name of a run, as read from a file, is that of a folder beside the file and leads nowhere
 * else. */
bool run_path_is_name(const char *name);

#endif
