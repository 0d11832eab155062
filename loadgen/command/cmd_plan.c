#include "check.h"
#include "check_secrets.h"
#include "check_view.h"
#include "err.h"
#include "exit_code.h"
#include "loadgen_commands.h"
#include "plan.h"
#include "plan_view.h"
#include "run_options.h"
#include "stop.h"
#include "term.h"
#include "text_out.h"
#include "utf8.h"

#include <inttypes.h>
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

/* Whether every request of the stream's pass was as expected. */
static int check_stream(const struct plan *plan, size_t stream, uint64_t number, bool *is_right,
                        struct err *e)
{
    struct check_secrets secrets;
    struct check_view view = {
        .stream = &plan->streams[stream], .secrets = &secrets, .term = term_look(stdout), .out = stdout
    };
    const struct check_params params = { .plan = plan,
                                         .stream = stream,
                                         .number = number,
                                         .stop = stop_flag(),
                                         .seen = check_view_print,
                                         .payload = &view };
    struct course_result result;
    if (check_secrets_init(&secrets, plan, view.stream, number)) {
        check_secrets_fini(&secrets);
        return plan_out_of_memory(e);
    }
    printf("%s%s: one pass as user %" PRIu64 ", of %s", stream ? "\n" : "", view.stream->name, number,
           plan_target_of(plan, view.stream)->url);
    putchar('\n');
    const int status = check_session(&params, &result, e);
    check_secrets_fini(&secrets);
    *is_right = *is_right && !view.has_failed && result.outcome == OUTCOME_OK;
    return status;
}

/* One real pass of each session. */
static int check(const struct plan *plan, uint64_t row, int *exit_code, struct err *e)
{
    size_t n = 0;
    bool is_right = true;
    stop_catch();
    for (size_t i = 0; i < plan->n_streams; i++) {
        if (!plan->streams[i].session)
            continue;
        check_simplify(plan->streams[i].session);
        if (check_stream(plan, i, row > 0 ? row - 1 : 0, &is_right, e))
            return -1;
        n++;
    }
    *exit_code = is_right ? EXIT_CODE_DONE : EXIT_CODE_FAILED;
    return n > 0 ? 0 : err_set(e, ERR_INPUT, "--check makes one pass of each session, and the plan has none");
}

int cmd_plan(int argc, char *const argv[], struct err *e)
{
    struct run_options o = { 0 };
    struct plan plan = { 0 };
    int exit_code = EXIT_CODE_DONE;
    int status = run_options_parse(&o, &plan_command, argc, argv, e);
    if (status == 0)
        status = plan_from_options(&plan, &o, e);
    if (status == 0 && o.row > 0 && !o.check)
        status = err_set(e, ERR_INPUT, "--row needs --check");
    if (status == 0)
        status = o.check ? check(&plan, o.row, &exit_code, e) : show(&plan, e);
    plan_fini(&plan);
    run_options_fini(&o);
    return status ? -1 : exit_code;
}
