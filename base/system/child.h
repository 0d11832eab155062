/* Another program run to its end: without a shell, in a folder of the caller's choice. It is an absolute
 * path, or is taken from the absolute folders of PATH only, so that a program planted in a folder of results
 * never runs. A signal that stops this program (stop.h) ends the other one, too, unless it was started after
 * that, to end in order. */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

enum child_end {
    CHILD_DONE,    /* it ran and ended with 0 */
    CHILD_FAILED,  /* it could not be started, ended with another code, or was killed */
    CHILD_MISSING, /* no folder of PATH has it */
};

enum { CHILD_SAID_BYTES = 1024 };

/* Runs argv[0] in `folder`. Its input and output are /dev/null; `said` receives the last line of its stderr,
 * made safe to show, or why it could not run. */
enum child_end child_run(const char *const argv[], const char *folder, char said[CHILD_SAID_BYTES]);

/* The descriptors of a child; -1 is /dev/null. */
struct child_io {
    int in, out, error;
};

/* Starts argv[0] with these descriptors, in a session of its own if it is to outlive the terminal's signals.
 * 0 or an errno; ENOENT when no folder of PATH has it. The caller waits for it. */
int child_start(const char *const argv[], const struct child_io *io, bool own_session, pid_t *pid);

/* Runs argv[0] in this folder as child_run does, with input and output from these two descriptors. `*code`
 * receives its exit code, -1 when it has none. */
enum child_end child_run_between(const char *const argv[], int in, int out, int *code,
                                 char said[CHILD_SAID_BYTES]);

#endif
