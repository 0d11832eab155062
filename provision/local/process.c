#include "process.h"

#include "clock.h"
#include "err.h"
#include "units.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* State and start time of a process; false when there is none. Reads from the last ')', since the name before
 * it may hold anything. */
static bool look_at(pid_t pid, char *state, uint64_t *started_ticks)
{
    char path[64];
    char text[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    FILE *f = fopen(path, "re");
    const size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f)
        fclose(f);
    text[n] = '\0';
    const char *after = strrchr(text, ')');
    return after &&
           sscanf(after,
                  ") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %" SCNu64,
                  state, started_ticks) == 2;
}

/* The state of that very process; 'X' (dead) when it is gone. */
static char state_of(const struct process *p)
{
    char state;
    uint64_t started_ticks;
    return p->pid > 0 && look_at(p->pid, &state, &started_ticks) && started_ticks == p->started_ticks ? state
                                                                                                      : 'X';
}

bool process_is_alive(const struct process *p)
{
    const char state = state_of(p);
    return state != 'Z' && state != 'X';
}

bool process_is_stopped(const struct process *p)
{
    return state_of(p) == 'T';
}

void process_extend_path(void)
{
    char path[4096];
    const char *old = getenv("PATH");
    snprintf(path, sizeof path, "%s%s/usr/local/sbin:/usr/sbin:/sbin", old ? old : "",
             old && *old ? ":" : "");
    setenv("PATH", path, 1);
}

static int redirect(const char *path, int flags, int fd)
{
    const int opened = (int)TEMP_FAILURE_RETRY(open(path, flags | O_CLOEXEC, 0600));
    /* At the end, even if the program clears O_APPEND, as HAProxy does on its log. */
    return opened < 0 || TEMP_FAILURE_RETRY(dup2(opened, fd)) < 0 || lseek(fd, 0, SEEK_END) < 0 ? -1 : 0;
}

/* Default signal handling, and as many descriptors as allowed. */
static void reset_environment(void)
{
    struct rlimit limit;
    sigset_t none;
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* The child: waits for the byte, then becomes the program. Never returns. */
static _Noreturn void become(const struct process_plan *plan, int go_fd, int failure_fd)
{
    char go;
    setsid();
    reset_environment();
    process_extend_path();
    int status = redirect("/dev/null", O_RDONLY, STDIN_FILENO) ||
                 redirect(plan->stdout_path, O_WRONLY | O_CREAT | O_APPEND, STDOUT_FILENO) ||
                 redirect(plan->stderr_path, O_WRONLY | O_CREAT | O_APPEND, STDERR_FILENO);
    if (!status && TEMP_FAILURE_RETRY(read(go_fd, &go, 1)) != 1)
        _exit(0);
    close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
    if (!status && plan->inherited_fd >= 0)
        status = fcntl(plan->inherited_fd, F_SETFD, 0);
    if (!status)
        execvp(plan->argv[0], (char *const *)(uintptr_t)plan->argv);
    const int cause = errno;
    _exit(TEMP_FAILURE_RETRY(write(failure_fd, &cause, sizeof cause)) < 0 ? 126 : 127);
}

int process_prepare(const struct process_plan *plan, struct process_start *start, struct err *e)
{
    int go[2] = { -1, -1 };
    int failure[2] = { -1, -1 };
    char state;
    *start = (struct process_start){ .program = plan->argv[0], .go_fd = -1, .failure_fd = -1 };
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, go) < 0 || pipe2(failure, O_CLOEXEC) < 0) {
        err_errno(e, ERR_FAILED, "cannot make a pipe");
        goto fail;
    }
    const pid_t pid = fork();
    if (pid < 0) {
        err_errno(e, ERR_FAILED, "cannot start %s", plan->argv[0]);
        goto fail;
    }
    if (pid == 0) {
        close(go[1]);
        close(failure[0]);
        become(plan, go[0], failure[1]);
    }
    close(go[0]);
    close(failure[1]);
    start->go_fd = go[1];
    start->failure_fd = failure[0];
    start->process.pid = pid;
    if (look_at(pid, &state, &start->process.started_ticks))
        return 0;
    process_cancel(start);
    return err_set(e, ERR_FAILED, "cannot find the process that was to become %s in /proc", plan->argv[0]);
fail:
    for (int i = 0; i < 2; i++) {
        if (go[i] >= 0)
            close(go[i]);
        if (failure[i] >= 0)
            close(failure[i]);
    }
    return -1;
}

void process_cancel(struct process_start *start)
{
    close(start->go_fd);
    close(start->failure_fd);
    TEMP_FAILURE_RETRY(waitpid(start->process.pid, NULL, 0));
    *start = (struct process_start){ .go_fd = -1, .failure_fd = -1 };
}

int process_release(struct process_start *start, struct err *e)
{
    int cause = 0;
    const bool gone = TEMP_FAILURE_RETRY(send(start->go_fd, "g", 1, MSG_NOSIGNAL)) != 1;
    close(start->go_fd);
    /* Returns when the program runs, since exec closes the other end. */
    TEMP_FAILURE_RETRY(read(start->failure_fd, &cause, sizeof cause));
    close(start->failure_fd);
    start->go_fd = start->failure_fd = -1;
    if (!gone && cause == 0)
        return 0;
    TEMP_FAILURE_RETRY(waitpid(start->process.pid, NULL, 0));
    return err_set(e, ERR_FAILED, "cannot run %s: %s%s", start->program, strerror(cause ? cause : ESRCH),
                   cause == ENOENT ? "; is it installed?" : "");
}

/* Sends the signal if it is still that process; the descriptor keeps the id from being reused in between.
 * Returns the descriptor, or -1 if there is no process to wait for. */
static int signal_same(const struct process *p, int number)
{
    const int fd = pidfd_open(p->pid, 0);
    if (fd < 0)
        return -1;
    if (process_is_alive(p) && pidfd_send_signal(fd, number, NULL, 0) == 0)
        return fd;
    close(fd);
    return -1;
}

int process_signal(const struct process *p, int number)
{
    const int fd = signal_same(p, number);
    if (fd < 0)
        return -1;
    close(fd);
    return 0;
}

static void wait_until_ended(int fd, uint64_t end_ns)
{
    for (;;) {
        const uint64_t now_ns = clock_monotonic_ns();
        struct pollfd wanted = { .fd = fd, .events = POLLIN };
        const int n = poll(&wanted, 1, now_ns < end_ns ? (int)((end_ns - now_ns) / NS_PER_MS) + 1 : 0);
        if (n > 0 || now_ns >= end_ns || (n < 0 && errno != EINTR))
            return;
    }
}

static void end_all(const struct process *processes, size_t n, int number, uint64_t patience_ns)
{
    int *fds = calloc(n ? n : 1, sizeof *fds);
    const uint64_t end_ns = clock_monotonic_ns() + patience_ns;
    if (!fds)
        return;
    for (size_t i = 0; i < n; i++) {
        fds[i] = signal_same(&processes[i], number);
        if (fds[i] >= 0)
            pidfd_send_signal(fds[i], SIGCONT, NULL, 0);
    }
    for (size_t i = 0; i < n; i++) {
        if (fds[i] < 0)
            continue;
        wait_until_ended(fds[i], end_ns);
        waitpid(processes[i].pid, NULL, WNOHANG); /* our own child when `up` fails and cleans up */
        close(fds[i]);
    }
    free(fds);
}

int process_kill(const struct process *p, uint64_t patience_ns)
{
    end_all(p, 1, SIGKILL, patience_ns);
    return process_is_alive(p) ? -1 : 0;
}

unsigned process_end_all(const struct process *processes, size_t n, uint64_t patience_ns)
{
    unsigned n_left = 0;
    end_all(processes, n, SIGTERM, patience_ns);
    end_all(processes, n, SIGKILL, patience_ns);
    for (size_t i = 0; i < n; i++)
        n_left += process_is_alive(&processes[i]);
    return n_left;
}
