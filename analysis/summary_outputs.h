/* The summary of a run folder in the forms that `loadgen run` offers: JSON, JUnit XML and Markdown. */
#ifndef SUMMARY_OUTPUTS_H
#define SUMMARY_OUTPUTS_H

#include <stdbool.h>

struct dataset;
struct err;

/* A file "-" is stdout; NULL: not wanted. */
struct summary_outputs {
    bool json; /* on stdout */
    const char *junit_file, *markdown_file;
};

/* Whether one of them is stdout, which then has nothing else. */
bool summary_outputs_use_stdout(const struct summary_outputs *o);
/* Refuses two for stdout. */
int summary_outputs_check(const struct summary_outputs *o, struct err *e);
int summary_outputs_write(const struct summary_outputs *o, const struct dataset *data, struct err *e);

#endif
