/* The signals that ask a program to stop: SIGINT, SIGTERM and SIGHUP. The first one sets the program's one
 * signal flag, and what is under way ends in order. SIGINT once more, as by a second Ctrl-C, ends the program
 * at once. A signal that was ignored when the program began stays ignored: nohup ignores SIGHUP, a script
 * SIGINT for what it starts in the background. */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Begins to listen; a reader that has left (SIGPIPE) is no reason to stop. Interrupted system calls of the C
 * library go on by themselves where the kernel can restart them. */
void stop_catch(void);
/* The number of the first such signal, 0 when none has come; from any thread. */
const atomic_int *stop_flag(void);
bool stop_is_asked(void);
/* Sleeps so long; a stop ends it. */
void stop_rest(uint64_t ns);

/* A whole line that is the last word when a second Ctrl-C ends the program: what is left behind, and what to
 * do. Borrowed until the next call; NULL: none. */
void stop_last_words(const char *line);
/* A child that is not to outlive this program: it gets SIGTERM with each signal, and at once when one has
 * come already. 0: none any more. */
void stop_child(pid_t pid);

/* Whether the signal is ignored, so that no handler must be installed for it. */
bool stop_is_ignored(int number);

#endif
