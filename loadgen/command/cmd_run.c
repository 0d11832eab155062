#include "cmd_run.h"

#include "err.h"
#include "exit_code.h"
#include "given_words.h"
#include "plan.h"
#include "run_once.h"
#include "run_options.h"

#include <limits.h>
#include <stdio.h>

int cmd_run(int argc, char *const argv[], struct err *e)
{
    char folder[PATH_MAX];
    struct run_options o;
    struct given_words given = { 0 };
    struct plan plan = { 0 };
    int code = -1;

    run_once_catch_signals();
    if (run_options_parse(&o, &run_command, argc, argv, e) == 0 && plan_from_options(&plan, &o, e) == 0 &&
        run_once_folder(&o, plan.name, folder, sizeof folder, e) == 0 &&
        given_words_init(&given, &run_command, &o, &o.result, e) == 0)
        code = run_once(&o, given.words, &plan, folder, e);
    if (code >= 0 && o.quiet)
        puts(folder);
    if (code == EXIT_CODE_FAILED)
        fprintf(stderr, "loadgen: no request succeeded; %s/errors.csv says why\n", folder);
    given_words_fini(&given);
    plan_fini(&plan);
    run_options_fini(&o);
    return code;
}
