/* Processes that outlive the program that started them, and are ended only if they are still the same. A
 * process is identified by its id and its start time: ids are reused, the pair is not. It is created in two
 * steps, so that it can be recorded before it does anything: if the starter dies in between, it ends by
 * itself. */
#ifndef PROVISION_PROCESS_H
#define PROVISION_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;

struct process {
    pid_t pid;
    uint64_t started_ticks; /* field 22 of /proc/PID/stat: clock ticks since boot */
};

struct process_plan {
    const char *const *argv; /* NULL-terminated; argv[0] is looked up on PATH and in the sbin folders */
    const char *stdout_path; /* appended to */
    const char *stderr_path;
    int inherited_fd; /* stays open under its own number; -1: none */
};

struct process_start {
    struct process process;
    const char *program; /* borrowed from the plan */
    int go_fd;           /* the process waits for a byte from it */
    int failure_fd;      /* yields errno when the program cannot be run */
};

/* Appends to PATH the folders in which HAProxy may live and which a user's PATH may lack. */
void process_extend_path(void);
/* Creates the process, in a session of its own and without our descriptors; it waits for its release. */
int process_prepare(const struct process_plan *plan, struct process_start *start, struct err *e);
/* Lets it run its program; -1 if that fails. Closes what `start` holds. */
int process_release(struct process_start *start, struct err *e);
/* Ends it before it has run anything. */
void process_cancel(struct process_start *start);

/* Whether that very process still runs; a zombie does not. */
bool process_is_alive(const struct process *p);
/* Whether that very process is stopped (SIGSTOP). */
bool process_is_stopped(const struct process *p);
/* Signals that very process; -1 if it is gone or may not be signalled. */
int process_signal(const struct process *p, int number);
/* Ends it by SIGKILL and waits for its end. -1 if it still runs after `patience_ns`. */
int process_kill(const struct process *p, uint64_t patience_ns);
/* Ends those that are still the same: SIGTERM to all (and SIGCONT, so that stopped ones receive it), after
 * `patience_ns` SIGKILL. Returns how many are left, 0 unless the system refuses. */
unsigned process_end_all(const struct process *processes, size_t n, uint64_t patience_ns);

#endif
