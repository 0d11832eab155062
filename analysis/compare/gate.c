#include "gate.h"

#include "err.h"
#include "units.h"

#include <stdio.h>
#include <string.h>

enum { WORD_BYTES = 32 };

static const char FAILED[] = "failed";

static bool find_metric(const char *name, struct gate *gate)
{
    gate->is_of_failed = strcmp(name, FAILED) == 0;
    for (int i = 0; !gate->is_of_failed && i <= SAMPLE_RATE; i++)
        if (strcmp(name, sample_value_name((enum sample_value)i)) == 0) {
            gate->value = (enum sample_value)i;
            return true;
        }
    return gate->is_of_failed;
}

/* "+10%" as .1; -1 unless it is such a percentage. */
static int parse_change(const char *text, double *change)
{
    char number[WORD_BYTES];
    const size_t length = strlen(text);
    double per_cent;
    if (length < 2 || length > sizeof number || text[length - 1] != '%')
        return -1;
    const char *begin = text + (text[0] == '+');
    snprintf(number, sizeof number, "%.*s", (int)(text + length - 1 - begin), begin);
    if (units_parse_real(number, &per_cent))
        return -1;
    *change = per_cent / 100;
    return 0;
}

/* A share of 100 % lower is no change that a comparison can prove; one of more than 100 points is none. */
static bool is_limit(const struct gate *gate)
{
    const double most = gate->is_of_failed ? 1 : 1e6;
    return gate->is_above ? gate->limit >= 0 && gate->limit < most : gate->limit > -1 && gate->limit <= 0;
}

int gate_parse(struct gate *gate, const char *text, struct err *e)
{
    char name[WORD_BYTES], op[WORD_BYTES], change[WORD_BYTES], rest[WORD_BYTES];
    *gate = (struct gate){ .text = text };
    const bool has_words =
        sscanf(text, "%31[a-z0-9.] %31[<>] %31[-+.0-9%%] %31s", name, op, change, rest) == 3;
    if (has_words && find_metric(name, gate) && !op[1] && parse_change(change, &gate->limit) == 0) {
        gate->is_above = op[0] == '>';
        if (is_limit(gate))
            return 0;
    }
    return err_set(e, ERR_INPUT,
                   "--fail-if wants a change of p50, p90, p99, p99.9, rate or failed, such as 'p99 > +10%%', "
                   "'rate < -5%%' or 'failed > +0.1%%' (points), not '%.64s'; a limit such as 'p99 < 200ms' "
                   "is a --threshold of `loadgen run`",
                   text);
}

const char *gate_metric_name(const struct gate *gate)
{
    return gate->is_of_failed ? FAILED : sample_value_name(gate->value);
}

const char *gate_word_name(enum gate_word word)
{
    static const char *const names[] = {
#define X(name, text) text,
        GATE_WORDS(X)
#undef X
    };
    return names[word];
}
