/* hist.hlog: the histograms of a second, a line each unless empty. */
#ifndef RECORD_HIST_ROWS_H
#define RECORD_HIST_ROWS_H

#include <stdint.h>

struct stats;
struct err;
struct hist;
struct hlog_writer;
struct names;
struct plan;

/* Visits a histogram; its tag is `metric.stream.cluster.phase.class.instance`. -1 stops the walk. */
typedef int hist_rows_fn(void *payload, const char *tag, const struct hist *h, struct err *e);

/* Visits every histogram that has values, in the plan's order. `instances` are the run's. */
int hist_rows_walk(const struct stats *stats, const struct plan *plan, const struct names *instances,
                   hist_rows_fn *visit, void *payload, struct err *e);

/* Writes them as lines of the log. */
void hist_rows_write(struct hlog_writer *w, const struct stats *sum, const struct plan *plan,
                     const struct names *instances, uint64_t start_ns, uint64_t length_ns);

#endif
