/* remotes.csv: counts and service times per cluster and remote address. */
#ifndef RECORD_REMOTE_ROWS_H
#define RECORD_REMOTE_ROWS_H

struct stats;
struct err;
struct hist;
struct names;
struct plan;

/* Writes the file. `run` holds the whole run; `remotes` are the run's. */
int remote_rows_write(const char *path, const struct plan *plan, const struct stats *run,
                      const struct names *remotes, struct hist *scratch, struct err *e);

#endif
