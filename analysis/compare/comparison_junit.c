#include "comparison_output.h"

#include "comparison.h"
#include "err.h"
#include "gate.h"
#include "junit.h"
#include "text_out.h"

#include <stdlib.h>

static const char NAME[] = "loadgen analysis compare";

static enum junit_result result_of(const struct gates *gates, const struct gate *gate)
{
    switch (gate->word) {
    case GATE_PASSED:
        return JUNIT_PASSED;
    case GATE_UNDECIDED:
        return gates->fails_undecided ? JUNIT_FAILED : JUNIT_SKIPPED;
    case GATE_INVALID:
        return JUNIT_ERROR;
    case GATE_FAILED:
    default:
        return JUNIT_FAILED;
    }
}

static int write_suite(FILE *out, const struct comparison *c, const struct gates *gates, const char *text,
                       struct err *e)
{
    const size_t n = gates->n > 0 ? gates->n : 1;
    struct junit_case *cases = calloc(n, sizeof *cases);
    char(*lines)[GATE_LINE_BYTES] = calloc(n, sizeof *lines);
    const struct junit_suite suite = { .name = NAME, .cases = cases, .n_cases = n };
    int status = cases && lines ? 0 : err_set(e, ERR_FAILED, "out of memory for %zu gates", n);
    for (size_t i = 0; !status && i < gates->n; i++)
        cases[i] = (struct junit_case){ .class_name = NAME,
                                        .name = gates->rows[i].text,
                                        .result = result_of(gates, &gates->rows[i]),
                                        .message = gate_line(gates, i, c, lines[i]) };
    if (!status && gates->n == 0) {
        const bool is_sound = gate_exit_code(gates, c) == 0;
        cases[0] = (struct junit_case){ .class_name = NAME,
                                        .name = "comparison",
                                        .result = is_sound ? JUNIT_PASSED : JUNIT_ERROR,
                                        .message = is_sound ? NULL : "it may be loadgen's own doing" };
    }
    if (!status) {
        cases[0].system_out = text;
        status = junit_write(out, &suite) ? err_errno(e, ERR_FAILED, "cannot write the comparison") : 0;
    }
    free(cases);
    free(lines);
    return status;
}

int comparison_junit(FILE *out, const struct comparison *c, const struct gates *gates, struct err *e)
{
    struct text_out text;
    const bool is_whole = text_out_begin(&text) && comparison_print(text.file, c, false) == 0;
    char *printed = text_out_end(&text);
    const int status = is_whole && printed ? write_suite(out, c, gates, printed, e)
                                           : err_set(e, ERR_FAILED, "out of memory");
    free(printed);
    return status;
}
