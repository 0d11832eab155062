#include "program.h"

#include "complete.h"
#include "exit_code.h"
#include "help.h"
#include "man.h"
#include "nearest.h"
#include "standard_streams.h"
#include "stop.h"
#include "utf8.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SUBCOMMANDS_MOST = 32 };

static const struct subcommand *find(const struct program *program, const char *name)
{
    for (const struct subcommand *s = program->subcommands; s->name; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

static int unknown_command(const struct program *program, const char *name)
{
    const char *names[SUBCOMMANDS_MOST];
    size_t n = 0;
    for (const struct subcommand *s = program->subcommands; s->name && n < SUBCOMMANDS_MOST; s++)
        names[n++] = s->name;
    const char *near = nearest_word(name, names, n);
    fprintf(stderr, "%s: there is no command '", program->name);
    utf8_print(stderr, name);
    fputs("'; ", stderr);
    if (program->advise && program->advise(name, stderr))
        return EXIT_CODE_USAGE;
    if (near)
        fprintf(stderr, "did you mean '%s'?\n", near);
    else if (program->hint)
        fprintf(stderr, "%s\n", program->hint);
    else
        fprintf(stderr, "`%s --help` lists them\n", program->name);
    return EXIT_CODE_USAGE;
}

static int help_is_asked(int argc, char *const argv[])
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return 1;
    return 0;
}

static int run(const struct program *program, const struct subcommand *s, int argc, char *const argv[])
{
    struct err e = { ERR_NONE, "" };
    if (!s->is_program && help_is_asked(argc, argv)) {
        help_of_command(s->command, stdout);
        return EXIT_CODE_DONE;
    }
    const int code = s->run ? s->run(argc, argv, &e) : program->run(program->payload, s, argc, argv, &e);
    if (code >= 0)
        return code;
    /* A sentence with its own place (`file:line:col: error: ...`) stands alone, as a compiler's does. */
    if (!strstr(e.text, ": error: "))
        fprintf(stderr, "%s: ", program->name);
    utf8_print(stderr, e.text); /* what it quotes comes from outside */
    putc('\n', stderr);
    if (stop_is_asked())
        return EXIT_CODE_INTERRUPTED;
    return e.kind == ERR_INPUT ? EXIT_CODE_USAGE : EXIT_CODE_FAILED;
}

/* `help COMMAND`; of another program, `help COMMAND COMMAND` too. */
static int help(const struct program *program, int argc, char *argv[])
{
    char ask[] = "help";
    char ask_whole[] = "--help";
    const struct subcommand *s = find(program, argv[0]);
    if (!s)
        return unknown_command(program, argv[0]);
    argv[0] = s->is_program && argc > 1 ? ask : ask_whole;
    return run(program, s, s->is_program ? argc : 1, argv);
}

/* The page of a command, or of the program. */
static int manual(const struct program *program, const char *name)
{
    char ask[] = "--man";
    const struct subcommand *s = name ? find(program, name) : NULL;
    if (name && !s)
        return unknown_command(program, name);
    if (s && s->is_program)
        return run(program, s, 1, (char *[]){ ask, NULL });
    if (s)
        man_of_command(program, s->command, stdout);
    else
        man_of_program(program, stdout);
    return EXIT_CODE_DONE;
}

/* Another program completes its own command lines. */
static int complete(const struct program *program, int argc, char *argv[])
{
    char ask[] = "--complete";
    const struct subcommand *s = argc > 1 ? find(program, argv[0]) : NULL;
    if (s && s->is_program) {
        argv[0] = ask;
        return run(program, s, argc, argv);
    }
    complete_words(program, argc, argv, stdout);
    return EXIT_CODE_DONE;
}

static int answer(const struct program *program, int argc, char *argv[])
{
    const char *first = argc > 1 ? argv[1] : "";
    if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0 || strcmp(first, "version") == 0) {
        version_print(program, stdout);
        return EXIT_CODE_DONE;
    }
    if (strcmp(first, "--man") == 0)
        return manual(program, argc > 2 ? argv[2] : NULL);
    if (strcmp(first, "--complete") == 0 && argc > 2)
        return complete(program, argc - 2, argv + 2);
    if (strcmp(first, "help") == 0 && argc > 2)
        return help(program, argc - 2, argv + 2);
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0 || strcmp(first, "help") == 0 || argc < 2) {
        help_of_program(program, argc < 2 ? stderr : stdout);
        return argc < 2 ? EXIT_CODE_USAGE : EXIT_CODE_DONE;
    }
    signal(SIGXFSZ, SIG_IGN); /* a write beyond ulimit -f then fails, with a sentence */
    const struct subcommand *s = find(program, first);
    if (s)
        return run(program, s, argc - 2, argv + 2);
    s = program->implied ? program->implied(first) : NULL;
    return s ? run(program, s, argc - 1, argv + 1) : unknown_command(program, first);
}

static bool reader_has_left(void)
{
    struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };
    return TEMP_FAILURE_RETRY(poll(&out, 1, 0)) == 1 && (out.revents & (POLLERR | POLLHUP));
}

/* A full disk is an error. A reader that closed the pipe is not: it has what it wanted. */
static int check_output(const struct program *program, int code)
{
    errno = 0;
    if ((fflush(stdout) == 0 && !ferror(stdout)) || reader_has_left())
        return code;
    fprintf(stderr, "%s: cannot write to the standard output%s%s\n", program->name, errno ? ": " : "",
            errno ? strerror(errno) : ""); /* only if this write failed is the reason known */
    return code == EXIT_CODE_USAGE || code == EXIT_CODE_INTERRUPTED ? code : EXIT_CODE_FAILED;
}

int program_main(const struct program *program, int argc, char *argv[])
{
    if (standard_streams_open())
        return EXIT_CODE_FAILED; /* with nowhere to report it */
    return check_output(program, answer(program, argc, argv));
}
