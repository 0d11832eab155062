#include "child.h"

#include "stop.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { HEARD_BYTES = 16384 };

static bool is_program(const char *path)
{
    struct stat status;
    return access(path, X_OK) == 0 && stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Path of the program `name`; -1 when no absolute folder of PATH has it. */
static int find(const char *name, char path[static PATH_MAX])
{
    const char *folders = getenv("PATH");
    if (*name == '/')
        return snprintf(path, PATH_MAX, "%s", name) < PATH_MAX && is_program(path) ? 0 : -1;
    for (const char *at = folders ? folders : "/usr/bin:/bin"; *at;) {
        const size_t n = strcspn(at, ":");
        if (*at == '/' && (size_t)snprintf(path, PATH_MAX, "%.*s/%s", (int)n, at, name) < PATH_MAX &&
            is_program(path))
            return 0;
        at += n + (at[n] == ':');
    }
    return -1;
}

/* The last line that is not blank, within the last HEARD_BYTES. */
static void hear(int from, char *said)
{
    char heard[HEARD_BYTES + 1];
    size_t n = 0;
    for (ssize_t got; (got = read(from, heard + n, HEARD_BYTES - n)) > 0 || (got < 0 && errno == EINTR);) {
        n += got > 0 ? (size_t)got : 0;
        if (n == HEARD_BYTES) {
            memmove(heard, heard + HEARD_BYTES / 2, HEARD_BYTES / 2);
            n = HEARD_BYTES / 2;
        }
    }
    while (n > 0 && strchr(" \t\r\n", heard[n - 1]))
        n--;
    heard[n] = '\0';
    const char *line = strrchr(heard, '\n');
    snprintf(said, CHILD_SAID_BYTES, "%.*s", CHILD_SAID_BYTES - 1, line ? line + 1 : heard);
    utf8_trim(said);
    utf8_line(said);
}

static int put(posix_spawn_file_actions_t *actions, int from, int to)
{
    return from < 0 ? posix_spawn_file_actions_addopen(actions, to, "/dev/null", to ? O_WRONLY : O_RDONLY, 0)
                    : posix_spawn_file_actions_adddup2(actions, from, to);
}

static int start(pid_t *pid, const char *path, const char *const argv[], const char *folder,
                 const struct child_io *io, bool own_session)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (!error && own_session)
        error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    if (!error)
        error = put(&actions, io->in, STDIN_FILENO);
    if (!error)
        error = put(&actions, io->out, STDOUT_FILENO);
    if (!error)
        error = put(&actions, io->error, STDERR_FILENO);
    if (!error && folder)
        error = posix_spawn_file_actions_addchdir_np(&actions, folder);
    if (!error)
        error = posix_spawn(pid, path, &actions, &attributes, (char *const *)argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static enum child_end wait_for(pid_t pid, int *code, char *said)
{
    int status;
    *code = -1;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) {
            snprintf(said, CHILD_SAID_BYTES, "%s", strerror(errno));
            return CHILD_FAILED;
        }
    if (WIFEXITED(status))
        *code = WEXITSTATUS(status);
    if (*code == 0)
        return CHILD_DONE;
    if (WIFSIGNALED(status))
        snprintf(said, CHILD_SAID_BYTES, "it was ended by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else if (!*said)
        snprintf(said, CHILD_SAID_BYTES, "it ended with exit code %d", WEXITSTATUS(status));
    return CHILD_FAILED;
}

static enum child_end run(const char *const argv[], const char *folder, int in, int out, int *code,
                          char said[CHILD_SAID_BYTES])
{
    char path[PATH_MAX];
    int ends[2];
    pid_t pid;
    const bool heeds_stop = !stop_is_asked();
    *code = -1;
    snprintf(said, CHILD_SAID_BYTES, "it is not installed or not on PATH");
    if (find(argv[0], path))
        return CHILD_MISSING;
    if (pipe2(ends, O_CLOEXEC)) {
        snprintf(said, CHILD_SAID_BYTES, "%s", strerror(errno));
        return CHILD_FAILED;
    }
    const int error = start(&pid, path, argv, folder, &(struct child_io){ in, out, ends[1] }, false);
    close(ends[1]);
    if (error)
        snprintf(said, CHILD_SAID_BYTES, "%s", strerror(error));
    else {
        stop_child(heeds_stop ? pid : 0);
        hear(ends[0], said);
    }
    close(ends[0]);
    const enum child_end end = error ? CHILD_FAILED : wait_for(pid, code, said);
    stop_child(0);
    return end;
}

enum child_end child_run(const char *const argv[], const char *folder, char said[CHILD_SAID_BYTES])
{
    int code;
    return run(argv, folder, -1, -1, &code, said);
}

enum child_end child_run_between(const char *const argv[], int in, int out, int *code,
                                 char said[CHILD_SAID_BYTES])
{
    return run(argv, NULL, in, out, code, said);
}

int child_start(const char *const argv[], const struct child_io *io, bool own_session, pid_t *pid)
{
    char path[PATH_MAX];
    return find(argv[0], path) ? ENOENT : start(pid, path, argv, NULL, io, own_session);
}
