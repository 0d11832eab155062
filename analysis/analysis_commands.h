/* The subcommands of `loadgen analysis`: one file each, a row each in main.c. */
#ifndef ANALYSIS_COMMANDS_H
#define ANALYSIS_COMMANDS_H

#include "program.h"

extern const struct command command_figures;
subcommand_fn command_figures_run;
extern const struct command command_recompute;
subcommand_fn command_recompute_run;
extern const struct command command_report;
subcommand_fn command_report_run;
extern const struct command command_summary;
subcommand_fn command_summary_run;
extern const struct command command_compare;
subcommand_fn command_compare_run;
extern const struct command command_export;
subcommand_fn command_export_run;
extern const struct command command_merge;
subcommand_fn command_merge_run;

#endif
