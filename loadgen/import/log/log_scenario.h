/* The scenario that replays a log. */
#ifndef IMPORT_LOG_SCENARIO_H
#define IMPORT_LOG_SCENARIO_H

#include "import_job.h"
#include "log_file.h"
#include "log_summary.h"

struct log_scenario {
    const struct import_job *job;
    const struct log_reading *reading;
    const struct log_summary *summary;
    const char *target;   /* URL */
    const char *requests; /* file name of the recorded requests, beside the scenario */
    bool has_hosts;
    unsigned speed; /* 1, or more where the log is longer than a run may be */
};

/* The least whole speed at which a run may send the log; 0: there is none. */
unsigned log_scenario_speed(const struct log_summary *sum);
void log_scenario_write(const struct log_scenario *s, FILE *out);

#endif
