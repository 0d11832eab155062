/* The signals that ask a program to stop: SIGINT, SIGTERM, SIGHUP, and SIGUSR1, the one that Open MPI's
 * launcher passes to all ranks without killing them soon after. The first one sets the program's one signal
 * flag, and work in progress ends in order. A second SIGINT, as from Ctrl-C pressed twice, ends the program
 * at once. A signal that was ignored when the program began stays ignored: nohup ignores SIGHUP, a script
 * SIGINT for what it starts in the background. */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Installs the handlers and ignores SIGPIPE: a reader that closed the pipe is no reason to stop. Interrupted
 * system calls are restarted where the kernel can. */
void stop_catch(void);
/* The number of the first such signal, 0 when none has come; from any thread. */
const atomic_int *stop_flag(void);
bool stop_is_asked(void);
/* Sleeps for that long; a stop ends the sleep. */
void stop_rest(uint64_t ns);

/* A whole line to print when a second Ctrl-C ends the program: what it leaves behind, and what to do.
 * Borrowed until the next call; NULL: none. */
void stop_last_words(const char *line);
/* A child that must not outlive this program: it gets SIGTERM with each signal, and at once if one has
 * already come. 0: no child any more. */
void stop_child(pid_t pid);

/* Whether the signal is ignored, so that no handler must be installed for it. */
bool stop_is_ignored(int number);

#endif
