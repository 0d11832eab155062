#include "exit_code.h"
#include "help.h"
#include "man.h"
#include "program.h"

#include "cm.h"

#include <stdlib.h>
#include <string.h>

static const char *const forms[] = { "plain", "rich", NULL };
static const struct option_row rows[] = {
    { .name = "connections",
      .letter = 'c',
      .kind = OPTION_COUNT,
      .value_name = "N",
      .fallback = "10",
      .group = "Load",
      .help = "connections to keep open" },
    { .name = "header",
      .letter = 'H',
      .kind = OPTION_LIST,
      .value_name = "'K: V'",
      .group = "Request",
      .help = "a header of every request that is sent, and a text too long to stand on one line" },
    { .name = "a-name-that-leaves-no-room",
      .kind = OPTION_TEXT,
      .value_name = "PLACE",
      .help = "stands below" },
    { .name = "form",
      .kind = OPTION_CHOICE,
      .value_name = "FORM",
      .choices = forms,
      .fallback = "plain",
      .group = "Results",
      .help = "of the results" },
    { .name = "rate",
      .letter = 'R',
      .kind = OPTION_RATE,
      .value_name = "RATE",
      .group = "Load",
      .help = "of .5 \\ at `most` -q" },
    { 0 },
};
static const struct option_row shared[] = { { .name = "verbose", .kind = OPTION_FLAG, .help = "say more" },
                                            { 0 } };
static const struct command_exit exits[] = { { EXIT_CODE_THRESHOLD, "a threshold was missed" },
                                             { EXIT_CODE_FAILED, "nothing succeeded" },
                                             { EXIT_CODE_INVALID, "it is not known" },
                                             { 0 } };
static const struct command_note files[] = { { "run.json", "what ran" }, { 0 } };
static const struct command_note environment[] = { { "NO_COLOR", "no colours" }, { 0 } };
static const struct command_page pages[] = { { "tool-file(5)", NULL, "the file" }, { 0 } };
static const struct command command = {
    .name = "tool run",
    .synopsis = "FILE [OPTION...]",
    .summary = "Run a file",
    .rows = rows,
    .shared = { shared },
    .details = "More.\n  tool run x",
    .exits = exits,
    .examples = (const char *const[]){ "tool run x -c 5", NULL },
    .files = files,
    .environment = environment,
    .pages = pages,
};

static char *text_of(const struct program *program, void (*print)(const struct program *, FILE *))
{
    char *text;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    if (print)
        print(program, out);
    else
        help_of_command(&command, out);
    fclose(out);
    return text;
}

static void help_shows_options_by_group_exit_codes_and_examples(void **state)
{
    char *help = text_of(NULL, NULL);
    (void)state;
    assert_string_equal(help,
                        "Usage: tool run FILE [OPTION...]\n\nRun a file.\n\n"
                        "Load:\n"
                        "  -c, --connections N  connections to keep open (default 10)\n"
                        "  -R, --rate RATE      of .5 \\ at `most` -q\n\n"
                        "Request:\n"
                        "  -H, --header 'K: V'  a header of every request that is sent, and a text too\n"
                        "                       long to stand on one line; may be repeated\n"
                        "      --a-name-that-leaves-no-room PLACE\n"
                        "                       stands below\n\n"
                        "Results:\n"
                        "      --form FORM      of the results: plain, rich (default plain)\n\n"
                        "Options:\n"
                        "      --verbose        say more\n\n"
                        "More.\n  tool run x\n\n"
                        "Exit codes:\n"
                        "  0    done\n"
                        "  1    nothing succeeded\n"
                        "  2    wrong usage or input; nothing was sent or created\n"
                        "  3    a threshold was missed\n"
                        "  4    it is not known\n"
                        "  If several apply, it is the first of 1, 2, 4, 3.\n\n"
                        "Examples:\n"
                        "  tool run x -c 5\n\n"
                        "Manual pages:\n"
                        "  tool-file(5)          the file\n");
    free(help);
}

static const struct subcommand subcommands[] = { { .name = "run", .command = &command }, { 0 } };
static const struct program program = { .name = "tool", .summary = "HTTP tool", .subcommands = subcommands };

static void page_of_run(const struct program *p, FILE *out)
{
    man_of_command(p, &command, out);
}

static void the_page_of_a_command_has_every_section(void **state)
{
    static const char *const parts[] = {
        ".TH TOOL-RUN 1 2",
        ".SH NAME\ntool\\-run \\- run a file\n",
        ".SH SYNOPSIS\n.B tool run\nFILE [OPTION...]\n",
        ".SH DESCRIPTION\nRun a file.\n.PP\nMore.\n.sp\n.nf\n  tool run x\n.fi\n",
        ".SH OPTIONS\n.SS Load\n.TP\n.B \\-c, \\-\\-connections N\nconnections to keep open (default 10)\n",
        "\\-R, \\-\\-rate RATE\nof .5 \\e at \\fBmost\\fR \\-q\n.SS Request\n",
        ".SH \"EXIT STATUS\"\n.TP\n.B 0\ndone\n",
        ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nno colours\n",
        ".SH FILES\n.TP\n.B run.json\nwhat ran\n",
        ".SH EXAMPLES\n.nf\ntool run x \\-c 5\n.fi\n",
        ".SH \"SEE ALSO\"\n.BR tool (1),\n.BR tool\\-file (5)\n",
    };
    char *man = text_of(&program, page_of_run);
    const char *at = man;
    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *found = strstr(at, parts[i]);
        if (!found)
            fail_msg("after\n%.60s\nthere is no\n%s in\n%s", at, parts[i], man);
        at = found;
    }
    free(man);
}

static void the_page_of_a_program_lists_its_commands(void **state)
{
    char *man = text_of(&program, man_of_program);
    (void)state;
    assert_non_null(strstr(man, "tool \\- HTTP tool\n"));
    assert_non_null(strstr(man, ".SH COMMANDS\n.TP\n.B tool run\nRun a file\n"));
    assert_non_null(strstr(man, ".SH \"SEE ALSO\"\n.BR tool\\-run (1)\n"));
    free(man);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_shows_options_by_group_exit_codes_and_examples),
        cmocka_unit_test(the_page_of_a_command_has_every_section),
        cmocka_unit_test(the_page_of_a_program_lists_its_commands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
