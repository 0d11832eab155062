#include "summary.h"

#include "err.h"
#include "junit.h"
#include "text_out.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

enum { MESSAGE_BYTES = 400 };
static const char CLASS[] = "loadgen run";

struct suite {
    struct junit_case *cases;        /* owned */
    char (*messages)[MESSAGE_BYTES]; /* owned; one per case */
    size_t n;
};

/* What the threshold's number rests on; NULL: nothing. */
static const struct claim *claim_of(const struct summary *s, const struct threshold_result *result)
{
    struct threshold t;
    struct err ignored;
    if (threshold_parse(&t, result->text, &ignored))
        return NULL;
    const struct claim *claim = claims_threshold(s->claims, &t, result->held == THRESHOLD_HELD);
    free(t.text);
    return claim;
}

static void add_threshold(const struct summary *s, struct suite *suite, const struct threshold_result *t)
{
    char was[UNITS_TEXT_BYTES];
    char *message = suite->messages[suite->n];
    struct junit_case *c = &suite->cases[suite->n++];
    const struct claim *claim = claim_of(s, t);
    *c = (struct junit_case){ .class_name = CLASS, .name = t->text, .message = message };
    threshold_was_text(t, was);
    if (summary_unjudged(s)) {
        c->result = JUNIT_SKIPPED;
        snprintf(message, MESSAGE_BYTES, "not judged: %s", summary_unjudged(s));
    } else if (claim && claim->level == CLAIM_INVALID) {
        c->result = JUNIT_ERROR;
        const bool is_clear = strcmp(claim->why, CLAIM_WHY_OWN) == 0;
        snprintf(message, MESSAGE_BYTES, "%s: %s; the number may be loadgen's own doing%s%s",
                 threshold_held_words(t->held), was, is_clear ? "" : ": ", is_clear ? "" : claim->why);
    } else if (t->held == THRESHOLD_UNDECIDED) {
        c->result = JUNIT_SKIPPED;
        snprintf(message, MESSAGE_BYTES,
                 "not decided: %s, and requests that the end of the run cut off decide", was);
    } else if (t->held == THRESHOLD_MISSED) {
        c->result = JUNIT_FAILED;
        snprintf(message, MESSAGE_BYTES, "missed: %s; %s", t->text, was);
    }
}

/* The run itself, so that a suite without thresholds is not empty. `text` is the summary. */
static void add_run(const struct summary *s, struct suite *suite, const char *text)
{
    uint64_t n_ok = 0;
    char *message = suite->messages[suite->n];
    struct junit_case *c = &suite->cases[suite->n++];
    for (size_t i = 0; i < s->claims->n_rows; i++)
        n_ok += s->claims->rows[i].stream ? s->claims->rows[i].n_ok : 0;
    *c = (struct junit_case){ .class_name = CLASS,
                              .name = "run",
                              .message = message,
                              .system_out = text,
                              .time_s = (double)s->duration_ns / 1e9 };
    if (n_ok == 0 && s->share == 0) {
        c->result = JUNIT_FAILED;
        snprintf(message, MESSAGE_BYTES, "no request succeeded");
    } else if (strcmp(s->end, "done") != 0 && strcmp(s->end, "aborted") != 0) {
        c->result = JUNIT_ERROR;
        snprintf(message, MESSAGE_BYTES, "the run did not end as planned: %.64s", s->end);
    }
}

static char *printed(const struct summary *s)
{
    struct text_out text;
    struct summary plain = *s;
    plain.term = (struct term){ 0 };
    const bool is_whole = text_out_begin(&text) && summary_print(&plain, text.file) == 0;
    char *all = text_out_end(&text);
    if (is_whole)
        return all;
    free(all);
    return NULL;
}

static const char *target_of(const struct summary *s)
{
    const char *target = s->run->n_streams > 0 ? s->run->streams[0].target : NULL;
    return target ? target : CLASS;
}

int summary_junit(const struct summary *s, FILE *out)
{
    struct suite suite = { .cases = calloc(s->n_thresholds + 1, sizeof *suite.cases),
                           .messages = calloc(s->n_thresholds + 1, sizeof *suite.messages) };
    char *text = printed(s);
    const bool has_memory = suite.cases && suite.messages && text;
    if (has_memory) {
        add_run(s, &suite, text);
        for (size_t i = 0; i < s->n_thresholds; i++)
            add_threshold(s, &suite, &s->thresholds[i]);
        junit_write(out, &(struct junit_suite){ .name = s->scenario ? s->scenario : target_of(s),
                                                .time_s = suite.cases[0].time_s,
                                                .cases = suite.cases,
                                                .n_cases = suite.n });
    }
    free(suite.cases);
    free(suite.messages);
    free(text);
    return has_memory ? 0 : -1;
}
