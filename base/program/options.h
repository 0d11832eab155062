/* The option table: one row per option feeds parsing, `--help`, the manual page, and the echo of effective
 * settings into run.json. A row says where in the settings struct its value lies, so adding an option is
 * adding a row and a field. */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct err;

enum option_kind {
    OPTION_FLAG,     /* bool */
    OPTION_TEXT,     /* const char *, borrowed from argv or the table; NULL when not given */
    OPTION_COUNT,    /* uint64_t, `5k`, within least..most when most > 0 */
    OPTION_SIZE,     /* uint64_t bytes, `64KiB` */
    OPTION_DURATION, /* uint64_t ns, `10s`, or a bare number of seconds */
    OPTION_RATE,     /* double per second, `2k/s`; 0 when not given */
    OPTION_REAL,     /* double */
    OPTION_CHOICE,   /* int: index into `choices` */
    OPTION_LIST,     /* struct option_list; may be repeated */
};

enum { OPTIONS_ROWS_MOST = 96 }; /* of a command, with those it shares */

struct option_row {
    const char *name; /* long name without dashes */
    char letter;      /* 0 for none */
    enum option_kind kind;
    size_t offset;              /* of the field in the settings struct */
    const char *value_name;     /* "N", "DIR"; NULL for flags */
    const char *fallback;       /* default as text, parsed like a given value; NULL leaves the field zero */
    const char *const *choices; /* OPTION_CHOICE: NULL-terminated */
    uint64_t least, most;       /* OPTION_COUNT and OPTION_DURATION: limits when most > 0 */
    bool secret;                /* the value is echoed as "(given)" */
    const char *help;           /* one sentence, no full stop */
    const char *group; /* heading in help, for this row and those below it in the table; may be NULL */
};

/* The first members of a row: `{ OPTION("pairs", OPTION_COUNT, struct settings, n_pairs), .help = "..." }`.
 */
#define OPTION(name_, kind_, type, member) .name = (name_), .kind = (kind_), .offset = offsetof(type, member)

struct option_list {
    const char **items; /* owned array of borrowed texts; options_fini frees it */
    size_t n;
};

/* An option of similar programs. With the name of an option that this command has too, `note` says what else
 * it means there, for when the value does not fit. */
struct option_elsewhere {
    const char *name;   /* a letter, or a word without dashes */
    const char *option; /* long name of the option to use here; NULL: there is none */
    const char *note;   /* a clause: why there is none, or what to add; NULL with an option: nothing */
};

/* How a command can end, beside EXIT_CODE_USAGE, which all share. */
struct command_exit {
    int code;
    const char *meaning; /* a phrase, no full stop */
};

/* A file or a variable of the environment, and what it is for. */
struct command_note {
    const char *name;
    const char *meaning; /* a phrase, no full stop */
};

/* Where to read on. */
struct command_page {
    const char *page; /* "loadgen-scenario(5)" */
    const char
        *data; /* the same text among the data files (paths.h): "loadgen/scenarios/README.md"; may be NULL */
    const char *about;
};

enum { OPTIONS_SHARED_MOST = 6 };

/* A command as the user sees it. `synopsis` is what follows the command's name in the usage line; `rows` and
 * each table of `shared` end with a zeroed row, and all have OPTIONS_ROWS_MOST rows at most between them.
 * `details` is prose printed after the options. */
struct command {
    const char *name; /* "loadgen run" */
    const char *synopsis;
    const char *summary; /* one line */
    const struct option_row *rows;
    /* Tables that other commands have too, after its own, up to NULL. */
    const struct option_row *shared[OPTIONS_SHARED_MOST];
    const char *details;                      /* may be NULL */
    const struct option_elsewhere *elsewhere; /* up to a row without a name; may be NULL */
    const struct command_exit *exits;         /* up to a row without a meaning; may be NULL */
    const char *const *examples;              /* whole command lines, up to NULL; may be NULL */
    /* For the manual page, and `pages` for --help too: up to a zeroed row; may be NULL. */
    const struct command_note *files, *environment;
    const struct command_page *pages;
};

struct options_result {
    const char **positional; /* owned array of borrowed texts */
    size_t n_positional;
    bool given[OPTIONS_ROWS_MOST]; /* row i was; shared rows follow the command's own */
    size_t n_given;                /* options, each as often as it was given */
    bool help_wanted;              /* --help or -h: nothing else was checked */
};

/* `settings` starts as the caller left it; then the table's defaults are applied, then argv[0..argc), which
 * holds only options and positional arguments (not the program's name). Long options take `--name value` and
 * `--name=value`; letters take `-c 5` and `-c5` and flags may be bundled; `--` ends options. On -1 the
 * sentence names the option and what would be right, with a suggestion for a mistyped name. Call options_fini
 * in every case. */
int options_parse(const struct command *command, void *settings, int argc, char *const argv[],
                  struct options_result *result, struct err *e);
/* Row i of the command's own and then the shared ones; NULL after the last. */
const struct option_row *options_row(const struct command *command, size_t i);
/* The place of the row whose name is the first `length` characters; one past the last when there is none. */
size_t options_index(const struct command *command, const char *name, size_t length);
/* The row of that name, the command's own or shared; NULL when there is none. */
const struct option_row *options_find(const struct command *command, const char *name);
/* The heading above row i, which it may have from a row before it; NULL when there is none. */
const char *options_group(const struct command *command, size_t i);
bool options_given(const struct command *command, const struct options_result *result, const char *name);
void options_fini(const struct command *command, void *settings, struct options_result *result);

/* Calls `visit` for each row with its effective value as text (NULL for a text that is not set), in table
 * order. */
typedef void options_visit_fn(void *payload, const char *name, const char *value);
void options_visit(const struct command *command, const void *settings, options_visit_fn *visit,
                   void *payload);

#endif
