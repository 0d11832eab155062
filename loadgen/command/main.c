/* loadgen: the one command to learn. */
#include "loadgen_commands.h"
#include "manual.h"
#include "run_options.h"
#include "sibling.h"
#include "term.h"
#include "url_given.h"

#include <limits.h>

static const struct subcommand subcommands[] = {
    { .name = "run", .command = &run_command, .run = cmd_run },
    { .name = "plan", .command = &plan_command, .run = cmd_plan },
    { .name = "campaign", .command = &campaign_command, .run = cmd_campaign },
    { .name = "sweep", .command = &sweep_command, .run = cmd_sweep },
    { .name = "provision", .command = &sibling_provision, .run = sibling_run_provision, .is_program = true },
    { .name = "analysis", .command = &sibling_analysis, .run = sibling_run_analysis, .is_program = true },
    { .name = "completion", .command = &completion_command, .run = cmd_completion },
    { 0 },
};

/* `loadgen URL [OPTION...]`, as with wrk and oha. */
static const struct subcommand *implied(const char *first)
{
    return (first[0] == '-' && first[1]) || url_given_is(first) ? &subcommands[0] : NULL;
}

static void advise(const char *word, FILE *out)
{
    char path[PATH_MAX];
    struct err ignored;
    if (run_options_find_scenario(word, path, &ignored) == 0) {
        fputs("`loadgen run ", out);
        term_word(out, word);
        fputs("` runs the scenario\n", out);
    } else
        fputs("a URL begins with http://, and `loadgen --help` lists the commands\n", out);
}

int main(int argc, char *argv[])
{
    static const struct program program = {
        .name = "loadgen",
        .summary = "HTTP load testing for benchmarks you can defend",
        .subcommands = subcommands,
        .overview = &manual_overview,
        .implied = implied,
        .advise = advise,
    };
    return program_main(&program, argc, argv);
}
