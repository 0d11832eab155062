/* loadgen-analysis: from run folders to statistics, figures and reports. */
#include "analysis_commands.h"
#include "analysis_manual.h"
#include "build_facts.h"

#include <jansson.h>
#include <zlib.h>

static const struct subcommand subcommands[] = {
    { .name = "report", .command = &command_report, .run = command_report_run },
    { .name = "summary", .command = &command_summary, .run = command_summary_run },
    { .name = "figures", .command = &command_figures, .run = command_figures_run },
    { .name = "compare", .command = &command_compare, .run = command_compare_run },
    { .name = "recompute", .command = &command_recompute, .run = command_recompute_run },
    { .name = "merge", .command = &command_merge, .run = command_merge_run },
    { .name = "export", .command = &command_export, .run = command_export_run },
    { 0 },
};

int main(int argc, char *argv[])
{
    const struct build_library libraries[] = {
        { "jansson", jansson_version_str() },
        { "zlib", zlibVersion() },
        { NULL, NULL },
    };
    const struct program program = {
        .name = "loadgen analysis",
        .summary = "Statistics, figures and reports from run folders",
        .subcommands = subcommands,
        .overview = &analysis_manual_overview,
        .build = &build_facts,
        .libraries = libraries,
    };
    return program_main(&program, argc, argv);
}
