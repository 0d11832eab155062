#include "threshold.h"

#include "err.h"
#include "nearest.h"
#include "units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_BYTES = 64, LEFT_BYTES = TAGS_STREAM_BYTES + WORD_BYTES };
#define DURATION_MOST_S 1e10 /* in ns within 64 bits */

static int wrong_form(const char *text, struct err *e)
{
    return err_set(
        e, ERR_INPUT,
        "a threshold must be like 'p99 < 250ms', 'cluster1.errors < 0.1%%' or 'm4-burst.rate > 100/s', not "
        "'%.64s'",
        text);
}

/* "99.9" as parts per million, exact; above 0 and at most 100. */
static int parse_percent_ppm(const char *text, uint32_t *ppm)
{
    uint64_t value = 0;
    int decimals = -1;
    if (text[0] < '0' || text[0] > '9')
        return -1;
    for (const char *p = text; *p; p++) {
        if (*p == '.' && decimals < 0 && p[1]) {
            decimals = 0;
            continue;
        }
        if (*p < '0' || *p > '9' || decimals >= 4 || value > 1000000)
            return -1;
        value = value * 10 + (uint64_t)(*p - '0');
        decimals += decimals >= 0;
    }
    for (int i = decimals < 0 ? 0 : decimals; i < 4; i++)
        value *= 10;
    if (value == 0 || value > 1000000)
        return -1;
    *ppm = (uint32_t)value;
    return 0;
}

static int parse_metric(struct threshold *t, const char *word, struct err *e)
{
    static const char *const names[] = { "mean", "max", "errors", "rate", "p99" };
    static const enum threshold_metric metrics[] = { THRESHOLD_MEAN, THRESHOLD_MAX, THRESHOLD_ERRORS,
                                                     THRESHOLD_RATE };
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
        if (strcmp(word, names[i]) == 0) {
            t->metric = metrics[i];
            return 0;
        }
    if (word[0] == 'p' && parse_percent_ppm(word + 1, &t->p_ppm) == 0) {
        t->metric = THRESHOLD_PERCENTILE;
        return 0;
    }
    const char *near = nearest_word(word, names, sizeof names / sizeof *names);
    return err_set(e, ERR_INPUT,
                   "a threshold is on p50 to p99.9999, mean, max, errors or rate, not on '%s'%s%s%s", word,
                   near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* "0.1%" or "0.001" as a share. */
static int parse_share(const char *text, double *share)
{
    char number[WORD_BYTES];
    const size_t length = strlen(text);
    const bool percent = length > 0 && text[length - 1] == '%';
    snprintf(number, sizeof number, "%.*s", (int)(length - percent), text);
    if (units_parse_real(number, share))
        return -1;
    *share /= percent ? 100 : 1;
    return *share < 0 || *share > 1 ? -1 : 0;
}

static int parse_limit(struct threshold *t, const char *text, struct err *e)
{
    uint64_t ns;
    switch (t->metric) {
    case THRESHOLD_ERRORS:
        if (parse_share(text, &t->limit) == 0)
            return 0;
        return err_set(e, ERR_INPUT, "the limit of errors must be a share such as 0.1%%, not '%s'", text);
    case THRESHOLD_RATE:
        if (units_parse_rate_per_s(text, &t->limit) == 0)
            return 0;
        return err_set(e, ERR_INPUT, "the limit of a rate must be " UNITS_RATE_FORM ", not '%s'", text);
    case THRESHOLD_PERCENTILE:
    case THRESHOLD_MEAN:
    case THRESHOLD_MAX:
        break;
    }
    if (units_parse_duration_ns(text, &ns))
        return err_set(e, ERR_INPUT, "the limit of a time must be " UNITS_DURATION_FORM ", not '%s'", text);
    t->limit = (double)ns / 1e9;
    return 0;
}

/* The first dot that ends a name: one in a number, as in "p99.9", does not. NULL: there is none. */
static const char *dot_of(const char *text)
{
    const bool is_percentile = text[0] == 'p' && strspn(text + 1, "0123456789.") == strlen(text + 1);
    return is_percentile ? NULL : strchr(text, '.');
}

/* Splits "SCOPE.METRIC" or "STREAM.STEP.METRIC". */
static int parse_left(struct threshold *t, const char *left, struct err *e)
{
    const char *dot = dot_of(left);
    if (!dot)
        return parse_metric(t, left, e);
    const char *second = dot_of(dot + 1);
    const char *metric = second ? second + 1 : dot + 1;
    char stream[TAGS_NAME_BYTES], step[TAGS_STEP_BYTES];
    char scope[LEFT_BYTES];
    snprintf(scope, sizeof scope, "%.*s", (int)(metric - 1 - left), left);
    if (second)
        scope[dot - left] = '/';
    if (!tags_split_stream(scope, stream, step))
        return err_set(
            e, ERR_INPUT,
            "what stands before the metric must be a cluster, a stream or a stream's step, not '%.*s'",
            (int)(metric - 1 - left), left);
    memcpy(t->scope, scope, strlen(scope) + 1);
    return parse_metric(t, metric, e);
}

static int parse(struct threshold *t, const char *text, struct err *e)
{
    char left[LEFT_BYTES];
    char right[WORD_BYTES];
    const char *begin = text + strspn(text, " ");
    const size_t length = strcspn(begin, " <>=");
    const char *op = begin + length + strspn(begin + length, " ");
    if (length == 0 || length >= sizeof left || (*op != '<' && *op != '>'))
        return wrong_form(text, e);
    snprintf(left, sizeof left, "%.*s", (int)length, begin);
    t->at_most = *op == '<';
    t->or_equal = op[1] == '=';
    const char *limit = op + 1 + t->or_equal;
    limit += strspn(limit, " ");
    const size_t limit_length = strcspn(limit, " ");
    if (limit_length == 0 || limit_length >= sizeof right ||
        limit[limit_length + strspn(limit + limit_length, " ")])
        return wrong_form(text, e);
    snprintf(right, sizeof right, "%.*s", (int)limit_length, limit);
    return parse_left(t, left, e) || parse_limit(t, right, e) ? -1 : 0;
}

/* No time and no share is below 0, and no share above 1. */
static int check_can_hold(const struct threshold *t, const char *text, struct err *e)
{
    const double edge = t->at_most ? 0 : 1;
    if (t->or_equal || t->limit != edge || (!t->at_most && t->metric != THRESHOLD_ERRORS))
        return 0;
    return err_set(e, ERR_INPUT, "the threshold '%.64s' can never hold; did you mean %s?", text,
                   t->at_most ? "<=" : ">=");
}

int threshold_parse(struct threshold *out, const char *text, struct err *e)
{
    *out = (struct threshold){ 0 };
    if (parse(out, text, e) || check_can_hold(out, text, e))
        return -1;
    out->text = strdup(text);
    return out->text ? 0 : err_set(e, ERR_FAILED, "out of memory for a threshold");
}

bool threshold_holds(const struct threshold *t, double value)
{
    if (t->or_equal && value == t->limit)
        return true;
    return t->at_most ? value < t->limit : value > t->limit;
}

const char *threshold_unit(const struct threshold *t)
{
    return t->metric == THRESHOLD_ERRORS ? "share" : t->metric == THRESHOLD_RATE ? "per_s" : "s";
}

const char *threshold_value_text(const char *unit, double value, char *out)
{
    char number[UNITS_TEXT_BYTES];
    if (!isfinite(value))
        snprintf(out, UNITS_TEXT_BYTES, "nothing to judge");
    else if (unit && strcmp(unit, "share") == 0)
        snprintf(out, UNITS_TEXT_BYTES, "%.20s %%", units_number_text(100 * value, number));
    else if (unit && strcmp(unit, "per_s") == 0)
        snprintf(out, UNITS_TEXT_BYTES, "%.20s/s", units_number_text(value, number));
    else if (value < 0 || value > DURATION_MOST_S) /* a file may say anything */
        snprintf(out, UNITS_TEXT_BYTES, "%.20s s", units_number_text(value, number));
    else
        units_duration_text((uint64_t)(value * 1e9 + 0.5), out);
    return out;
}

const char *threshold_result_text(const struct threshold_result *result, char *out)
{
    char bound[UNITS_TEXT_BYTES];
    if (result->state == ATTEMPT_FAILED && !isfinite(result->at_least))
        snprintf(out, UNITS_TEXT_BYTES, "none");
    else if (result->state == ATTEMPT_FAILED || result->state == ATTEMPT_AT_LEAST)
        snprintf(out, UNITS_TEXT_BYTES, "%s %.24s", result->state == ATTEMPT_FAILED ? ">" : ">=",
                 threshold_value_text(result->unit, result->at_least, bound));
    else
        threshold_value_text(result->unit, result->value, out);
    return out;
}

const char *threshold_was_text(const struct threshold_result *result, char *out)
{
    char value[UNITS_TEXT_BYTES];
    if (result->state == ATTEMPT_NONE && !isfinite(result->value))
        snprintf(out, UNITS_TEXT_BYTES, "there was nothing to judge");
    else if (result->state == ATTEMPT_FAILED && !isfinite(result->at_least))
        snprintf(out, UNITS_TEXT_BYTES, "too many requests failed");
    else
        snprintf(out, UNITS_TEXT_BYTES, "it was %.24s", threshold_result_text(result, value));
    return out;
}

const char *threshold_held_words(enum threshold_held held)
{
    static const char *const words[] = {
        [THRESHOLD_MISSED] = "missed",
        [THRESHOLD_HELD] = "held",
        [THRESHOLD_UNDECIDED] = "not decided",
    };
    return words[held];
}
