#include "cmd_plan.h"

#include "err.h"
#include "exit_code.h"
#include "plan.h"
#include "plan_view.h"
#include "run_options.h"

#include <stdio.h>

int cmd_plan(int argc, char *const argv[], struct err *e)
{
    struct run_options o;
    struct plan plan = { 0 };
    int status = run_options_parse(&o, &plan_command, argc, argv, e);
    if (status == 0)
        status = plan_from_options(&plan, &o, e);
    if (status == 0)
        plan_view_print(&plan, stdout);
    plan_fini(&plan);
    run_options_fini(&o);
    return status ? -1 : EXIT_CODE_DONE;
}
