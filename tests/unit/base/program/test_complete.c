#include "complete.h"
#include "files.h"
#include "program.h"

#include "cm.h"
#include "scratch.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const modes[] = { "auto", "plain", "none", NULL };
static const struct option_row rows[] = {
    { .name = "connections", .letter = 'c', .kind = OPTION_COUNT, .value_name = "N", .help = "how many" },
    { .name = "progress",
      .letter = 'p',
      .kind = OPTION_CHOICE,
      .value_name = "HOW",
      .choices = modes,
      .help = "x" },
    { .name = "out", .letter = 'o', .kind = OPTION_TEXT, .value_name = "DIR", .help = "where" },
    { .name = "quiet", .letter = 'q', .kind = OPTION_FLAG, .help = "say nothing" },
    { 0 },
};
static const struct option_row shared[] = {
    { .name = "body-file", .kind = OPTION_TEXT, .value_name = "FILE", .help = "a body" },
    { 0 },
};
static const struct command run_command = { .name = "tool run",
                                            .synopsis = "[RUN | RUN RUN] [OPTION...]",
                                            .summary = "Runs",
                                            .rows = rows,
                                            .shared = { shared } };
static const struct command shell_command = {
    .name = "tool shell", .synopsis = "bash | zsh", .summary = "Shells", .rows = shared
};
static const struct command kill_command = {
    .name = "tool kill", .synopsis = "INSTANCE [OPTION...]", .summary = "Kills", .rows = shared
};
static const struct subcommand subcommands[] = { { .name = "run", .command = &run_command },
                                                 { .name = "shell", .command = &shell_command },
                                                 { .name = "kill", .command = &kill_command },
                                                 { 0 } };
static const struct subcommand *implied(const char *first)
{
    return first[0] == '-' || strchr(first, ':') ? &subcommands[0] : NULL;
}

static void offer(const char *placeholder, FILE *out)
{
    if (strcmp(placeholder, "INSTANCE") == 0)
        fputs("i-1\tone\ni-2\ttwo\nx\tthree\n", out);
}

static const struct program program = {
    .name = "tool", .summary = "A tool", .subcommands = subcommands, .implied = implied, .offer = offer
};

/* Splits `line` at blanks; a blank at the end begins an empty word. */
static void check(const char *line, const char *right)
{
    char copy[128];
    char *words[16] = { copy };
    int n = 1;
    char *text;
    size_t bytes;
    snprintf(copy, sizeof copy, "%s", line);
    for (char *c = copy; *c; c++)
        if (*c == ' ') {
            *c = '\0';
            words[n++] = c + 1;
        }
    FILE *out = open_memstream(&text, &bytes);
    complete_words(&program, n, words, out);
    fclose(out);
    if (strcmp(text, right) != 0)
        fail_msg("after '%s' comes\n%s, not\n%s", line, text, right);
    free(text);
}

static void commands_and_what_programs_take(void **state)
{
    (void)state;
    check("", "run\tRuns\nshell\tShells\nkill\tKills\n");
    check("r", "run\tRuns\n");
    check("x", "");
    check("--v", "--version\tprint the version\n");
    check("--o", "--out\twhere\n");
    check("http://x --q", "--quiet\tsay nothing\n");
    check("help sh", "shell\tShells\n");
    check("dance ", "");
}

static void options_come_after_a_dash(void **state)
{
    (void)state;
    check("run --con", "--connections\thow many\n");
    check("run -q --b", "--body-file\ta body\n");
    check("run --o", "--out\twhere\n");
    check("run -", "--connections\thow many\n--progress\tx\n--out\twhere\n--quiet\tsay nothing\n"
                   "--body-file\ta body\n--help\tdescribe the command\n");
    check("run -- --o", ":folders\n");
}

static void values_follow_their_option(void **state)
{
    (void)state;
    check("run --progress ", "auto\t\nplain\t\nnone\t\n");
    check("run -qp p", "plain\t\n");
    check("run -pplain ", ":folders\n");
    check("run --progress=a", "--progress=auto\t\n");
    check("run --progress =", "auto\t\nplain\t\nnone\t\n"); /* as bash splits it */
    check("run --progress = n", "none\t\n");
    check("run --progress = none ", ":folders\n");
    check("run --connections ", "");
    check("run --out ", ":folders\n");
    check("run --body-file=x", ":files\n");
    check("run --quiet ", ":folders\n");
    check("run --nonsense=x", "");
}

static void arguments_are_those_of_the_synopsis(void **state)
{
    struct err e;
    (void)state;
    check("shell ", "bash\t\nzsh\t\n");
    check("shell z", "zsh\t\n");
    check("kill i", "i-1\tone\ni-2\ttwo\n");
    assert_int_equal(chdir(scratch_folder), 0);
    static const char *const files[] = { "results/a/run.json",      "results/b/campaign.json",
                                         "results/c/loadcurve.csv", "results/d/other",
                                         "results/it's/run.json",   "results/-x/run.json" };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char folder[64];
        snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(files[i], '/') - files[i]), files[i]);
        assert_int_equal(files_make_folders(folder, &e), 0);
        assert_int_equal(files_write(files[i], "", 0, 0600, &e), 0);
    }
    check("run ", "results/a\trun\nresults/b\tcampaign\nresults/c\tsweep\n:folders\n");
    check("run results/b", "results/b\tcampaign\n:folders\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_and_what_programs_take),
        cmocka_unit_test(options_come_after_a_dash),
        cmocka_unit_test(values_follow_their_option),
        cmocka_unit_test(arguments_are_those_of_the_synopsis),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
