#include "generator_link.h"

#include "clock.h"
#include "err.h"
#include "stop.h"
#include "units.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NOT_THERE = 3, TRIES_MOST = 24 };

int generator_link_init(struct generator_link *l, const struct remote *remote, struct err *e)
{
    uint64_t random;
    *l = (struct generator_link){ .remote = *remote };
    if (remote_check(remote, e))
        return -1;
    if (TEMP_FAILURE_RETRY(getrandom(&random, sizeof random, 0)) != (ssize_t)sizeof random)
        return err_errno(e, ERR_FAILED, "cannot draw a random name");
    snprintf(l->folder, sizeof l->folder, "loadgen-run-%016" PRIx64, random);
    return 0;
}

static int failed(const struct generator_link *l, const char *what, const char *said, struct err *e)
{
    return stop_is_asked()
               ? err_set(e, ERR_FAILED, "interrupted")
               : err_set(e, ERR_FAILED, "cannot %s the generator %s: %s", what, l->remote.address, said);
}

/* Runs `local` and the command there, the output of the one into the input of the other. */
static enum child_end join(const struct generator_link *l, const char *const local[], bool sends,
                           const char *const command[], int *code, char said[CHILD_SAID_BYTES])
{
    int ends[2];
    pid_t pid;
    int status = 0;
    *code = -1;
    if (pipe2(ends, O_CLOEXEC)) {
        snprintf(said, CHILD_SAID_BYTES, "%s", strerror(errno));
        return CHILD_FAILED;
    }
    const struct child_io io = { .in = sends ? -1 : ends[0], .out = sends ? ends[1] : -1, .error = -1 };
    const int error = child_start(local, &io, false, &pid);
    close(ends[sends]);
    enum child_end end = CHILD_FAILED;
    if (error)
        snprintf(said, CHILD_SAID_BYTES, "%s: %s", local[0], strerror(error));
    else
        end = remote_run(&l->remote, command, sends ? ends[0] : -1, sends ? -1 : ends[1], code, said);
    close(ends[!sends]);
    if (!error && TEMP_FAILURE_RETRY(waitpid(pid, &status, 0)) == pid && status != 0 && end == CHILD_DONE) {
        snprintf(said, CHILD_SAID_BYTES, "%s failed here", local[0]);
        end = CHILD_FAILED;
    }
    return end;
}

int generator_link_send(const struct generator_link *l, const char *folder, struct err *e)
{
    static const char unpack[] = "umask 077; mkdir \"$1\" && exec tar -x -f - -C \"$1\"";
    const char *const local[] = { "tar", "-c", "-h", "-f", "-", "-C", folder, ".", NULL };
    const char *const command[] = { "sh", "-c", unpack, "sh", l->folder, NULL };
    char said[CHILD_SAID_BYTES];
    int code;
    return join(l, local, true, command, &code, said) == CHILD_DONE ? 0
                                                                    : failed(l, "send the files to", said, e);
}

static const char *signal_word(int number)
{
    return number == SIGINT ? "INT\n" : number == SIGHUP ? "HUP\n" : "TERM\n";
}

/* Passes the first signal on; a second Ctrl-C ends this program, and so the input of the script. */
static int wait_for(pid_t pid, int to)
{
    int status;
    bool passed = false;
    for (pid_t ended; (ended = waitpid(pid, &status, WNOHANG)) != pid;) {
        const int number = *stop_flag();
        if (ended < 0 && errno != EINTR)
            return -1;
        if (number && !passed) {
            const char *word = signal_word(number);
            const ssize_t n = write(to, word, strlen(word));
            (void)n; /* without a reader the connection is lost, which ends the run, too */
            passed = true;
        }
        nanosleep(&(struct timespec){ .tv_nsec = 20 * NS_PER_MS }, NULL);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : REMOTE_EXIT_CONNECTION;
}

int generator_link_run(const struct generator_link *l, const char *script, struct err *e)
{
    char path[128];
    int ends[2];
    pid_t pid;
    snprintf(path, sizeof path, "%s/%s", l->folder, script);
    const char *const command[] = { "sh", path, NULL };
    char **words = remote_words(&l->remote, command);
    if (!words)
        return err_set(e, ERR_FAILED, "out of memory");
    if (pipe2(ends, O_CLOEXEC)) {
        remote_words_free(words);
        return err_errno(e, ERR_FAILED, "cannot make a pipe");
    }
    const struct child_io io = { .in = ends[0], .out = STDOUT_FILENO, .error = STDERR_FILENO };
    const int error = child_start((const char *const *)words, &io, true, &pid);
    remote_words_free(words);
    close(ends[0]);
    const int code = error ? -1 : wait_for(pid, ends[1]);
    close(ends[1]);
    if (error)
        return err_set(e, ERR_FAILED, "cannot run ssh: %s", strerror(error));
    return code < 0 ? err_errno(e, ERR_FAILED, "cannot wait for ssh") : code;
}

int generator_link_resume(const struct generator_link *l, struct err *e)
{
    static const char end_run[] =
        "cd \"$1\" || exit 3\n"
        "pid=$(cat pid) && kill -s TERM \"$pid\" || exit 0\n"
        "n=0; while kill -0 \"$pid\" && [ $n -lt 60 ]; do sleep 1; n=$((n + 1)); done\n";
    const char *const command[] = { "sh", "-c", end_run, "sh", l->folder, NULL };
    char said[CHILD_SAID_BYTES];
    int code;
    for (int i = 0; i < TRIES_MOST; i++) {
        const enum child_end end = remote_run(&l->remote, command, -1, -1, &code, said);
        if (end == CHILD_DONE || code == NOT_THERE)
            return 0;
        if (code != REMOTE_EXIT_CONNECTION || stop_is_asked())
            break;
        stop_rest(5 * NS_PER_S);
    }
    return failed(l, "reach", said, e);
}

int generator_link_fetch(const struct generator_link *l, const char *place, const char *into, struct err *e)
{
    static const char pack[] = "cd \"$1\" && what=$(readlink -e \"$2\") || exit 3\n"
                               "exec tar -c -f - -C \"$(dirname \"$what\")\" \"./$(basename \"$what\")\"\n";
    const char *const local[] = { "tar", "-x", "-f", "-", "-C", into, "--no-same-owner", NULL };
    const char *const command[] = { "sh", "-c", pack, "sh", l->folder, place, NULL };
    char said[CHILD_SAID_BYTES];
    int code;
    if (join(l, local, false, command, &code, said) == CHILD_DONE)
        return 0;
    return code == NOT_THERE ? 1 : failed(l, "bring the results back from", said, e);
}

int generator_link_remove(const struct generator_link *l, struct err *e)
{
    const char *const command[] = { "rm", "-rf", l->folder, NULL };
    char said[CHILD_SAID_BYTES];
    int code;
    return remote_run(&l->remote, command, -1, -1, &code, said) == CHILD_DONE
               ? 0
               : failed(l, "remove the run's folder on", said, e);
}
