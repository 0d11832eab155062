#include "sibling.h"

#include "exit_code.h"
#include "paths.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool sibling_is(int argc, char *const argv[])
{
    return argc > 1 && (strcmp(argv[1], "provision") == 0 || strcmp(argv[1], "analysis") == 0);
}

int sibling_run(int argc, char *argv[])
{
    char name[32];
    char path[PATH_MAX];
    (void)argc;
    snprintf(name, sizeof name, "loadgen-%.16s", argv[1]);
    paths_program(name, path, sizeof path);
    argv[1] = name;
    execvp(path, argv + 1);
    fprintf(stderr, "loadgen: cannot run %s: %s%s\n", path, strerror(errno),
            errno == ENOENT ? "; it is neither beside loadgen nor on PATH" : "");
    return EXIT_CODE_FAILED;
}
