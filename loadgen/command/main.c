/* loadgen: the one command to learn. */
#include "build_facts.h"
#include "libraries.h"
#include "loadgen_commands.h"
#include "manual.h"
#include "run_options.h"
#include "sibling.h"
#include "term.h"
#include "url_given.h"

#include <jansson.h>
#include <limits.h>
#include <string.h>
#include <yaml.h>
#include <zstd.h>

static const struct subcommand subcommands[] = {
    { .name = "run", .command = &run_command, .run = cmd_run },
    { .name = "plan", .command = &plan_command, .run = cmd_plan },
    { .name = "import", .command = &import_command, .run = cmd_import },
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
    return (first[0] == '-' && first[1]) || url_given_is(NULL, first) ? &subcommands[0] : NULL;
}

/* "loadgen analysis" for `report`; NULL for what is no command of a sibling either. */
static const char *sibling_of(const char *word)
{
    static const char *const analysis[] = { "compare",   "export", "figures", "merge",
                                            "recompute", "report", "summary" };
    static const char *const provision[] = { "down",   "kill",  "metrics", "reload",
                                             "revive", "stall", "status",  "up" };
    for (size_t i = 0; i < sizeof analysis / sizeof *analysis; i++)
        if (strcmp(word, analysis[i]) == 0)
            return sibling_analysis.name;
    for (size_t i = 0; i < sizeof provision / sizeof *provision; i++)
        if (strcmp(word, provision[i]) == 0)
            return sibling_provision.name;
    return NULL;
}

static bool advise(const char *word, FILE *out)
{
    char path[PATH_MAX];
    struct err ignored;
    const char *sibling = sibling_of(word);
    if (sibling) {
        fprintf(out, "it is `%s %s`\n", sibling, word);
        return true;
    }
    if (run_options_find_scenario(NULL, word, path, &ignored))
        return false;
    fputs("`loadgen run ", out);
    term_word(out, word);
    fputs("` runs the scenario\n", out);
    return true;
}

/* Those that shape the results, and those that read and write files. */
static void list_libraries(struct build_library out[static LIBRARIES_ROWS + 3])
{
    libraries_in_use(out);
    struct build_library *more = &out[LIBRARIES_ROWS - 1];
    *more++ = (struct build_library){ "jansson", jansson_version_str() };
    *more++ = (struct build_library){ "libyaml", yaml_get_version_string() };
    *more++ = (struct build_library){ "zstd", ZSTD_versionString() };
    *more = (struct build_library){ NULL, NULL };
}

int main(int argc, char *argv[])
{
    struct build_library libraries[LIBRARIES_ROWS + 3];
    list_libraries(libraries);
    const struct program program = {
        .name = "loadgen",
        .summary = "HTTP load testing for benchmarks you can defend",
        .subcommands = subcommands,
        .overview = &manual_overview,
        .build = &build_facts,
        .libraries = libraries,
        .implied = implied,
        .advise = advise,
        .hint = "a URL begins with http://, and `loadgen --help` lists the commands",
    };
    return program_main(&program, argc, argv);
}
