/* Processes that outlive the program that started them, and are ended only if they are still the same. A
 * process is known by its id and the time it started: ids are given out again, the pair is not. It is created
 * in two steps, so that it can be recorded before it does anything: if the starter dies in between, it ends
 * by itself. */
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
    int inherited_fd; /* stays open in it under its own number; -1: none */
};

struct process_start {
    struct process process;
    const char *program; /* borrowed from the plan */
    int go_fd;           /* writing end: the process waits for a byte */
    int failure_fd;      /* reading end: gets errno when the program cannot be run */
};

/* Creates the process, in a session of its own and without our descriptors; it waits. */
int process_prepare(const struct process_plan *plan, struct process_start *start, struct err *e);
/* Lets it run its program; -1 when that cannot be run. Closes what `start` holds. */
int process_release(struct process_start *start, struct err *e);
/* Makes it end without having run anything. */
void process_cancel(struct process_start *start);

/* Whether that very process still runs; a zombie does not. */
bool process_is_alive(const struct process *p);
/* Whether it is that very process and stands still (SIGSTOP). */
bool process_is_stopped(const struct process *p);
/* Sends the signal if it is still that process; -1 when it is not, or may not be signalled. */
int process_signal(const struct process *p, int number);
/* Ends it at once, by SIGKILL, and waits until it has. -1 when it still runs after `patience_ns`. */
int process_kill(const struct process *p, uint64_t patience_ns);
/* Ends those that are still the same: SIGTERM to all (and SIGCONT, so that those
 * that stand still get it), after `patience_ns` SIGKILL. Returns how many are left,
 * which is 0 unless the system refuses. */
unsigned process_end_all(const struct process *processes, size_t n, uint64_t patience_ns);

#endif
