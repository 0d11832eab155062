/* The machine that made the load and the program that did, as run.json and deployment.json describe them:
 * facts that all forms of the report list. */
#ifndef REPORT_MACHINE_H
#define REPORT_MACHINE_H

#include <stddef.h>

struct report;

enum { REPORT_MACHINE_ROWS = 16, REPORT_MACHINE_BYTES = 600 };

struct report_machine_row {
    const char *name; /* constant */
    char text[REPORT_MACHINE_BYTES];
};

/* What is known of it, in order; a fact that no file has is left out. */
struct report_machine {
    struct report_machine_row rows[REPORT_MACHINE_ROWS];
    size_t n;
};

void report_machine_read(const struct report *report, struct report_machine *machine);

#endif
