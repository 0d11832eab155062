/* A comparison's words, and its primary result. */
#ifndef TEST_SHOWN_COMPARISON_H
#define TEST_SHOWN_COMPARISON_H

#include "made_comparison.h"
#include "text_out.h"

static inline char *text_of(void (*write)(FILE *, const struct comparison *))
{
    struct text_out text;
    assert_true(text_out_begin(&text));
    write(text.file, &c);
    char *result = text_out_end(&text);
    assert_non_null(result);
    return result;
}

static inline void print(FILE *out, const struct comparison *what)
{
    assert_int_equal(comparison_print(out, what, false), 0);
}

static inline void check_says(const char *wanted)
{
    char *text = text_of(print);
    assert_says(text, wanted);
    free(text);
}

static inline void check_says_not(const char *unwanted)
{
    char *text = text_of(print);
    assert_says_not(text, unwanted);
    free(text);
}

/* Sets the primary result: the outcome, by that method. */
static inline struct decide_result *decided(enum decide_outcome outcome, enum decide_method method)
{
    struct decide_result *r = &c.results[SAMPLE_P99];
    r->outcome = outcome;
    r->method = method;
    r->reason = DECIDE_NO_REASON;
    return r;
}

#endif
