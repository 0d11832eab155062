#include "gate.h"

#include "comparison_read.h"
#include "err.h"
#include "exit_code.h"

#include <math.h>
#include <stdlib.h>

/* A run without any good answer has a rate of 0, whose ratio has no logarithm: rates are judged as the time
 * per good answer, which is then longer than any. */
static void invert(struct decide_run *run)
{
    struct decide_time *time = &run->time;
    run->less_generator = NAN; /* of times only */
    if (time->state != ATTEMPT_EXACT)
        return;
    if (time->value > 0)
        time->value = 1 / time->value;
    else
        time->state = ATTEMPT_FAILED;
}

static struct decide_interval changes(const struct gate *gate, const struct decide_interval *found)
{
    if (gate->is_of_failed)
        return *found;
    if (gate->value == SAMPLE_RATE)
        return (struct decide_interval){ expm1(-found->value), expm1(-found->hi), expm1(-found->lo) };
    return (struct decide_interval){ expm1(found->value), expm1(found->lo), expm1(found->hi) };
}

static enum gate_word word_of(const struct gate *gate, const struct comparison *c)
{
    if (!gate->is_of_failed && c->results[gate->value].rests_on_invalid)
        return GATE_INVALID;
    if (gate->found.word == DECIDE_LIMIT_BEYOND)
        return GATE_FAILED;
    return gate->found.word == DECIDE_LIMIT_WITHIN ? GATE_PASSED : GATE_UNDECIDED;
}

static int judge(struct gate *gate, const struct comparison *c, struct decide_pair *rows, struct err *e)
{
    struct decide_limit_question q = { .limit = gate->limit, .is_above = gate->is_above };
    const size_t n = c->n_pairs + c->n_controls;
    comparison_question(c, gate->is_of_failed ? c->primary : gate->value, rows, rows + n, &q.pairs);
    if (gate->is_of_failed)
        return decide_limit_failed(&q, &gate->found, e);
    q.limit = log1p(gate->limit);
    if (gate->value == SAMPLE_RATE) {
        for (size_t i = 0; i < 2 * n; i++) {
            invert(&rows[i].a);
            invert(&rows[i].b);
        }
        q.limit = -q.limit;
        q.is_above = !q.is_above;
    }
    return decide_limit_ratio(&q, &gate->found, e);
}

/* All but the gates on the primary number are one family. */
static int adjust(const struct gates *gates, const struct comparison *c, struct err *e)
{
    struct decide_limit **family = calloc(gates->n + 1, sizeof *family);
    size_t n_family = 0;
    if (!family)
        return err_set(e, ERR_FAILED, "out of memory for %zu gates", gates->n);
    for (size_t i = 0; i < gates->n; i++) {
        struct gate *gate = &gates->rows[i];
        gate->found.p_holm = gate->found.p;
        if (gate->is_of_failed || gate->value != c->primary)
            family[n_family++] = &gate->found;
    }
    const int status = decide_limit_family(family, n_family, c->confidence, e);
    free(family);
    return status;
}

int gate_judge(const struct gates *gates, const struct comparison *c, struct err *e)
{
    struct decide_pair *rows = calloc(2 * (c->n_pairs + c->n_controls) + 1, sizeof *rows);
    int status = rows ? 0 : err_set(e, ERR_FAILED, "out of memory for %zu gates", gates->n);
    for (size_t i = 0; !status && i < gates->n; i++)
        status = judge(&gates->rows[i], c, rows, e);
    free(rows);
    if (status || adjust(gates, c, e))
        return -1;
    for (size_t i = 0; i < gates->n; i++) {
        struct gate *gate = &gates->rows[i];
        gate->change = changes(gate, &gate->found.change);
        gate->word = word_of(gate, c);
    }
    return 0;
}

int gate_exit_code(const struct gates *gates, const struct comparison *c)
{
    int code = EXIT_CODE_DONE;
    if (gates->n == 0 && !c->within_run && comparison_rests_on_invalid(c))
        return EXIT_CODE_INVALID;
    for (size_t i = 0; i < gates->n; i++) {
        const enum gate_word word = gates->rows[i].word;
        if (word == GATE_INVALID)
            return EXIT_CODE_INVALID;
        if (word == GATE_FAILED || (word == GATE_UNDECIDED && gates->fails_undecided))
            code = EXIT_CODE_THRESHOLD;
    }
    return code;
}
