/* JUnit XML: the report of test results that CI servers read. One suite of cases; texts from outside are
 * escaped, and characters that XML cannot hold become question marks. */
#ifndef BASE_JUNIT_H
#define BASE_JUNIT_H

#include <stddef.h>
#include <stdio.h>

enum junit_result {
    JUNIT_PASSED,
    JUNIT_FAILED,  /* what was tested did not hold */
    JUNIT_SKIPPED, /* it could not be decided */
    JUNIT_ERROR    /* the test itself is unsound */
};

struct junit_case {
    const char *class_name, *name;
    enum junit_result result;
    const char *message;    /* why it did not pass; may be NULL */
    const char *system_out; /* shown with the case; may be NULL */
    double time_s;
};

struct junit_suite {
    const char *name;
    const char *started_utc; /* ISO 8601; may be NULL */
    double time_s;
    const struct junit_case *cases;
    size_t n_cases;
};

/* Writes the document. -1 when `out` cannot be written. */
int junit_write(FILE *out, const struct junit_suite *suite);

#endif
