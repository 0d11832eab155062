#include "merge_counted.h"

#include "err.h"
#include "hist.h"
#include "json_member.h"
#include "merge_addresses.h"
#include "merge_state.h"
#include "threshold.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BEYOND_RULE  "R9"
#define ADDRESS_RULE "R13"

static const double BEYOND_WARN_N = 10;

bool merge_counted_is(const char *rule)
{
    return strcmp(rule, BEYOND_RULE) == 0 || strcmp(rule, ADDRESS_RULE) == 0;
}

static bool is_named(const char *scope, const json_t *phase, const char *key)
{
    const char *name = json_string_value(json_object_get(phase, key));
    return name && strcmp(scope, name) == 0;
}

/* Attempts of the scope's streams outside of warm-up. */
static uint64_t attempts_of(const json_t *root, const char *scope)
{
    const json_t *phases = json_object_get(root, "phases");
    uint64_t n = 0;
    for (size_t i = 0; i < json_array_size(phases); i++) {
        const json_t *phase = json_array_get(phases, i);
        if (json_is_true(json_object_get(phase, "warmup")) ||
            (*scope && !is_named(scope, phase, "stream") && !is_named(scope, phase, "cluster")))
            continue;
        n += json_member_count(phase, "done_n") +
             json_member_count(json_object_get(phase, "errors"), "censored");
    }
    return n;
}

static json_t *beyond_check(const char *scope, uint64_t n_beyond)
{
    const bool are_few = (double)n_beyond < BEYOND_WARN_N;
    return json_pack("{s:s, s:s, s:s, s:f, s:f, s:n, s:s, s:s, s:s}", "rule", BEYOND_RULE, "scope",
                     *scope ? scope : "all", "level", are_few ? "WARN" : "OK", "value", (double)n_beyond,
                     "warn", BEYOND_WARN_N, "invalid", "unit", "samples", "what",
                     "samples beyond a percentile that a threshold judges", "advice",
                     are_few ? "Run longer, or judge a lower percentile." : "");
}

static int add_beyond(json_t *checks, const struct merge *m, struct err *e)
{
    for (size_t i = 0; i < m->first.n_thresholds; i++) {
        struct threshold t = { 0 };
        if (threshold_parse(&t, m->first.thresholds[i].text, e))
            return -1;
        if (t.metric == THRESHOLD_PERCENTILE)
            json_array_append_new(
                checks, beyond_check(t.scope, hist_n_beyond(attempts_of(m->root, t.scope), t.p_ppm)));
        free(t.text);
    }
    return 0;
}

static const char *level_of(double badness, double warn, double invalid)
{
    return badness > invalid ? "INVALID" : badness > warn ? "WARN" : "OK";
}

static json_t *address_check(const char *level, double value, double warn, double invalid, const char *unit,
                             const char *what, const char *advice)
{
    json_t *limit = isfinite(invalid) ? json_real(invalid) : json_null();
    return json_pack("{s:s, s:s, s:s, s:f, s:f, s:o, s:s, s:s, s:s}", "rule", ADDRESS_RULE, "scope", "run",
                     "level", level, "value", value, "warn", warn, "invalid", limit, "unit", unit, "what",
                     what, "advice", strcmp(level, "OK") == 0 ? "" : advice);
}

static int add_addresses(json_t *checks, const struct merge *m, struct err *e)
{
    struct address_use_worst w;
    if (merge_addresses_judge(m->out, &w, e))
        return -1;
    if (w.has_part) /* the least is the limit */
        json_array_append_new(
            checks, address_check(level_of(-w.part_pct, -ADDRESS_USE_PART_WARN, -w.invalid_pct), w.part_pct,
                                  ADDRESS_USE_PART_WARN, w.invalid_pct, ADDRESS_USE_PART_UNIT,
                                  ADDRESS_USE_PART_WHAT, ADDRESS_USE_PART_ADVICE));
    if (w.has_share)
        json_array_append_new(checks, address_check(level_of(w.share, ADDRESS_USE_SHARE_WARN, NAN), w.share,
                                                    ADDRESS_USE_SHARE_WARN, NAN, ADDRESS_USE_SHARE_UNIT,
                                                    ADDRESS_USE_SHARE_WHAT, ADDRESS_USE_SHARE_ADVICE));
    return 0;
}

int merge_counted_add(json_t *checks, const struct merge *m, struct err *e)
{
    return add_beyond(checks, m, e) || add_addresses(checks, m, e) ? -1 : 0;
}
