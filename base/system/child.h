/* Another program run to its end: without a shell, in a folder of the caller's choice. It is an absolute
 * path, or is taken from the absolute folders of PATH only, so that a program planted in a folder of results
 * never runs. */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

enum child_end {
    CHILD_DONE,    /* it ran and ended with 0 */
    CHILD_FAILED,  /* it could not be started, ended with another code, or was killed */
    CHILD_MISSING, /* no folder of PATH has it */
};

enum { CHILD_SAID_BYTES = 1024 };

/* Runs argv[0] in `folder`. Its input and output are /dev/null; `said` receives the last line of its stderr,
 * made safe to show, or why it could not run. */
enum child_end child_run(const char *const argv[], const char *folder, char said[CHILD_SAID_BYTES]);

#endif
