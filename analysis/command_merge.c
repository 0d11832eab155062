/* `loadgen analysis merge`: the folders of several generators of one run as one run folder. */
#include "commands.h"
#include "err.h"
#include "exit_code.h"
#include "merge.h"
#include "options.h"

#include <stddef.h>
#include <stdio.h>

struct settings {
    const char *out;
};

static const struct option_row rows[] = {
    { .name = "out",
      .letter = 'o',
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, out),
      .value_name = "DIR",
      .help = "the new run folder; it must not exist yet" },
    { 0 },
};

const struct command command_merge = {
    .name = "loadgen analysis merge",
    .synopsis = "RUN RUN... --out DIR",
    .summary = "Add the folders of several generators of the same run to one, exactly",
    .rows = rows,
    .details = "The generators must have run the same scenario against the same target at the same time, "
               "with clocks that agree\n"
               "(NTP). Give each its own --seed, or all send the same schedule. Thresholds are not judged "
               "again.",
};

static int merge(const struct settings *settings, const struct options_result *given, struct err *e)
{
    if (!settings->out)
        return err_set(e, ERR_INPUT, "--out is missing: the new folder for the merged run");
    if (merge_folders(given->positional, given->n_positional, settings->out, e))
        return -1;
    printf("%zu runs merged into %s\n", given->n_positional, settings->out);
    return EXIT_CODE_DONE;
}

int command_merge_run(int argc, char *const argv[], struct err *e)
{
    struct settings settings = { 0 };
    struct options_result given = { 0 };
    int code = -1;
    if (!options_parse(&command_merge, &settings, argc, argv, &given, e))
        code = merge(&settings, &given, e);
    options_fini(&command_merge, &settings, &given);
    return code;
}
