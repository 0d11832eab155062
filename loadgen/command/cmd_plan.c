#include "err.h"
#include "exit_code.h"
#include "loadgen_commands.h"
#include "plan.h"
#include "plan_view.h"
#include "run_options.h"
#include "text_out.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>

/* Requests hold whatever the scenario does, including terminal escapes. */
static int show(const struct plan *plan, struct err *e)
{
    struct text_out view;
    if (text_out_begin(&view))
        plan_view_print(plan, view.file);
    char *text = text_out_end(&view);
    if (!text)
        return err_set(e, ERR_FAILED, "out of memory for the plan");
    utf8_print(stdout, text);
    free(text);
    return 0;
}

int cmd_plan(int argc, char *const argv[], struct err *e)
{
    struct run_options o = { 0 };
    struct plan plan = { 0 };
    int status = run_options_parse(&o, &plan_command, argc, argv, e);
    if (status == 0)
        status = plan_from_options(&plan, &o, e);
    if (status == 0)
        status = show(&plan, e);
    plan_fini(&plan);
    run_options_fini(&o);
    return status ? -1 : EXIT_CODE_DONE;
}
