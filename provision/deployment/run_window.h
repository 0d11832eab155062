/* When a run took place and how many requests its client sent: what `metrics` needs of a run folder's
 * run.json. */
#ifndef PROVISION_RUN_WINDOW_H
#define PROVISION_RUN_WINDOW_H

#include <stdint.h>

struct err;

struct run_window {
    uint64_t start_ns; /* since the epoch */
    uint64_t end_ns;
    uint64_t sent_n; /* requests that had a connection */
};

/* Reads FOLDER/run.json. Refuses a run that was made against another deployment than `deployment_id`; one
 * that names none, such as a run with --target, is taken. */
int run_window_read(const char *folder, const char *deployment_id, struct run_window *w, struct err *e);

/* Prints the count of `who` beside the client's. They differ when requests were refused before a target was
 * chosen, or sent again after a reset. */
void run_window_print(const struct run_window *w, const char *who, uint64_t counted_n);

/* -1 and how many are missing, followed by `remedy`, when `who` counted fewer than 99 % of the client's
 * requests. */
int run_window_check(const struct run_window *w, const char *who, uint64_t counted_n, const char *remedy,
                     struct err *e);

#endif
