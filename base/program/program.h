/* What the `main` of every program does: find the subcommand, run it, print the error sentence, choose the
 * exit code. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include "err.h"
#include "options.h"
#include "version.h"

#include <stdbool.h>
#include <stdio.h>

/* Runs a subcommand; argv[0..argc) is what follows its name. Returns an exit code, or -1 with the sentence in
 * `e`, which main prints; the kind decides between exit 1 and 2. `--help` is answered before this is called.
 */
typedef int subcommand_fn(int argc, char *const argv[], struct err *e);

struct subcommand {
    const char *name; /* "run"; the row after the last is zeroed */
    const struct command *command;
    subcommand_fn *run;
    bool is_program; /* another program, which answers `--help` itself */
};

struct program {
    const char *name;    /* "loadgen" */
    const char *summary; /* one line */
    const struct subcommand *subcommands;
    const char *details;            /* printed after the list of commands; may be NULL */
    const struct command *overview; /* of the whole: exit codes, examples, files, pages, and how it goes
                                       without a command; may be NULL */
    const struct build *build;      /* may be NULL */
    const struct build_library *libraries; /* in use, up to a row without a name; may be NULL */
    /* Runs subcommands whose `run` is NULL. */
    int (*run)(void *payload, const struct subcommand *s, int argc, char *const argv[], struct err *e);
    void *payload;
    /* For a command line that names no command. NULL: it must name one. */
    const struct subcommand *(*implied)(const char *first);
    /* Prints what to type instead of a word that is no command but known otherwise, as the end of a sentence;
     * false: the word is not known, and nothing was printed. NULL: no other words are. */
    bool (*advise)(const char *word, FILE *out);
    /* The same sentence's end for a word that is like no command; NULL: that `--help` lists them. */
    const char *hint;
    /* For completion: prints what may stand for a word in capitals of a synopsis, such as INSTANCE, each with
     * a tab and a description; NULL: nothing. */
    void (*offer)(const char *placeholder, FILE *out);
};

/* Handles `--help`, `--version` (also `-V` and `version`), `help COMMAND`, `--man [COMMAND]` (man.h),
 * `--complete WORD...` (complete.h) and the subcommands. Returns the exit code. A failed write to stdout is
 * reported and is a failure; a failure after a stop (stop.h) counts as interrupted. */
int program_main(const struct program *program, int argc, char *argv[]);

#endif
