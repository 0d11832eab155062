#include "comparison_gate.h"

#include "comparison.h"
#include "err.h"
#include "units.h"

#include <math.h>
#include <string.h>

enum { WORD_BYTES = 32 };

static bool find_value(const char *name, enum sample_value *value)
{
    for (int i = 0; i <= SAMPLE_RATE; i++)
        if (strcmp(name, sample_value_name((enum sample_value)i)) == 0) {
            *value = (enum sample_value)i;
            return true;
        }
    return false;
}

/* "+10%" as 1.1; -1 unless it is such a percentage. */
static int parse_change(const char *text, double *ratio)
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
    *ratio = 1 + per_cent / 100;
    return 0;
}

int comparison_gate_parse(struct comparison_gate *gate, const char *text, struct err *e)
{
    char name[WORD_BYTES], op[WORD_BYTES], change[WORD_BYTES], rest[WORD_BYTES];
    *gate = (struct comparison_gate){ .text = text };
    const bool has_words =
        sscanf(text, "%31[a-z0-9.] %31[<>] %31[-+.0-9%%] %31s", name, op, change, rest) == 3;
    if (has_words && find_value(name, &gate->value) && !op[1] && parse_change(change, &gate->ratio) == 0) {
        gate->is_above = op[0] == '>';
        if (gate->is_above ? gate->ratio >= 1 : gate->ratio > 0 && gate->ratio <= 1)
            return 0;
    }
    return err_set(e, ERR_INPUT,
                   "--fail-if wants a change of p50, p90, p99, p99.9 or rate, such as 'p99 > +10%%' or 'rate "
                   "< -5%%', not '%.64s'",
                   text);
}

/* Whether there is a difference of that direction; one number of a family was chosen, so it stands alone. */
static bool stands(const struct decide_result *r, bool is_above)
{
    const bool is_alone = r->outcome == DECIDE_UNDECIDED && r->reason == DECIDE_FAMILY;
    const double direction = r->method == DECIDE_SIGN_TEST ? r->signs.median : log(r->ratio.value);
    return r->outcome == (is_above ? DECIDE_HIGHER : DECIDE_LOWER) ||
           (is_alone && (direction > 0) == is_above);
}

/* The end of the interval that is nearer to 1. */
static double proven_ratio(const struct decide_result *r, bool is_above)
{
    if (r->method == DECIDE_SIGN_TEST)
        return r->signs.nearest;
    return is_above ? r->ratio.lo : r->ratio.hi;
}

bool comparison_gate_fails(const struct comparison_gate *gate, const struct comparison *c)
{
    const struct decide_result *r = &c->results[gate->value];
    const double proven = proven_ratio(r, gate->is_above);
    if (!stands(r, gate->is_above))
        return false;
    return gate->is_above ? proven > gate->ratio : proven < gate->ratio;
}

void comparison_gate_print(FILE *out, const struct comparison_gate *gate, const struct comparison *c)
{
    const struct decide_result *r = &c->results[gate->value];
    const double proven = proven_ratio(r, gate->is_above);
    fprintf(out, "  fail-if            %s: ", gate->text);
    if (comparison_gate_fails(gate, c) && isinf(proven)) /* failures are worse than any limit */
        fprintf(out, "proven: no %s\n", sample_value_name(gate->value));
    else if (comparison_gate_fails(gate, c))
        fprintf(out, "proven, by at least %+.1f %%\n", 100 * (proven - 1));
    else if (r->rests_on_invalid)
        fprintf(out, "not proven; %s is mostly loadgen's own doing\n", sample_value_name(gate->value));
    else if (r->outcome == DECIDE_DESCRIPTION)
        fprintf(out, "not proven; that takes %d pairs\n", DECIDE_PAIRS_LEAST);
    else if (isfinite(proven))
        fprintf(out, "not proven; the interval ends at %+.1f %%\n", 100 * (proven - 1));
    else
        fputs("not proven\n", out);
}
