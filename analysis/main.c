/* loadgen-analysis: from run folders to statistics, figures and reports. */
#include "commands.h"

static const struct subcommand subcommands[] = {
    { "report", &command_report, command_report_run },
    { "summary", &command_summary, command_summary_run },
    { "figures", &command_figures, command_figures_run },
    { "compare", &command_compare, command_compare_run },
    { "recompute", &command_recompute, command_recompute_run },
    { "merge", &command_merge, command_merge_run },
    { "export", &command_export, command_export_run },
    { 0 },
};

int main(int argc, char *argv[])
{
    static const struct program program = {
        .name = "loadgen-analysis",
        .summary = "Statistics, figures and reports from run folders",
        .subcommands = subcommands,
    };
    return program_main(&program, argc, argv);
}
