#include "verdict.h"

#include "claims.h"
#include "err.h"
#include "rule.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const char *check_level_name(enum check_level level)
{
    static const char *const names[] = {
        [CHECK_OK] = "OK",
        [CHECK_WARN] = "WARN",
        [CHECK_INVALID] = "INVALID",
    };
    return level == CHECK_NOT_JUDGED ? "NOT JUDGED" : names[level];
}

static bool is_beyond(const struct rule *rule, double value, double limit)
{
    return rule->is_least ? value < limit : value > limit; /* never if the limit is NAN */
}

/* Six digits, so that a number read back from run.json is the number that was judged. */
static double rounded(double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.6g", value);
    return strtod(text, NULL);
}

static const char *advice_of(const struct rule *rule, const struct rule_case *c, const struct check *check)
{
    if (check->level == CHECK_OK || (rule->is_symptom && rule_has_cause(c->in)))
        return "";
    if (*check->advice) /* by its measure */
        return check->advice;
    return rule->own_advice && rule_is_own_limit(c) ? rule->own_advice : rule->advice;
}

static void apply(const struct rule *rule, const struct rule_case *c, const char *scope,
                  struct verdict *verdict)
{
    struct check *check = &verdict->checks[verdict->n_checks];
    *check = (struct check){ .rule = rule->name,
                             .warn = rule->warn,
                             .invalid = rule->invalid,
                             .unit = rule->unit,
                             .what = rule->what,
                             .advice = "" };
    snprintf(check->scope, sizeof check->scope, "%s", scope);
    if (!rule->measure(c, check))
        return;
    check->value = rounded(check->value);
    check->warn = rounded(check->warn);
    check->invalid = rounded(check->invalid);
    check->level = isnan(check->value)                             ? CHECK_NOT_JUDGED
                   : is_beyond(rule, check->value, check->invalid) ? CHECK_INVALID
                   : is_beyond(rule, check->value, check->warn)    ? CHECK_WARN
                                                                   : CHECK_OK;
    check->advice = advice_of(rule, c, check);
    verdict->n_checks++;
}

static bool is_about(enum rule_scope scope, const struct plan *plan, const struct plan_stream *stream)
{
    return scope == RULE_OPEN_STREAM      ? stream->model == PLAN_OPEN
           : scope == RULE_DUE_STREAM     ? plan_stream_has_due(stream)
           : scope == RULE_SESSION_STREAM ? plan_has_session_row(stream)
           : scope == RULE_HTTP2_STREAM   ? plan_is_http2(plan, stream)
                                          : true;
}

static void apply_to_all(const struct rule *rule, const struct rule_input *in, struct verdict *verdict,
                         struct err *failure)
{
    struct rule_case c = { .in = in, .failure = failure };
    switch (rule->scope) {
    case RULE_RUN:
        apply(rule, &c, "run", verdict);
        break;
    case RULE_STREAM:
    case RULE_OPEN_STREAM:
    case RULE_DUE_STREAM:
    case RULE_SESSION_STREAM:
    case RULE_HTTP2_STREAM:
        for (c.stream = 0; c.stream < in->plan->n_streams; c.stream++)
            if (is_about(rule->scope, in->plan, &in->plan->streams[c.stream]))
                apply(rule, &c, in->plan->streams[c.stream].name, verdict);
        break;
    case RULE_CLUSTER:
        for (size_t i = 0; i < in->plan->n_clusters; i++) {
            c.cluster = &in->plan->clusters[i];
            apply(rule, &c, c.cluster->name, verdict);
        }
        break;
    case RULE_THRESHOLD:
        for (size_t i = 0; i < in->plan->n_thresholds; i++) {
            c.threshold = &in->plan->thresholds[i];
            apply(rule, &c, *c.threshold->scope ? c.threshold->scope : "all", verdict);
        }
        break;
    }
}

int verdict_apply_rules(const struct rule_input *in, struct verdict *verdict, struct err *e)
{
    const size_t n_scopes = in->plan->n_streams + in->plan->n_clusters + in->plan->n_thresholds + 1;
    verdict->checks = calloc(rule_table_n * n_scopes, sizeof *verdict->checks);
    if (!verdict->checks)
        return err_set(e, ERR_FAILED, "out of memory while judging the run");
    *e = (struct err){ .kind = ERR_NONE };
    for (size_t i = 0; i < rule_table_n; i++)
        apply_to_all(&rule_table[i], in, verdict, e);
    return e->kind == ERR_NONE ? 0 : -1;
}

void verdict_fini(struct verdict *verdict)
{
    free(verdict->checks);
    free(verdict->thresholds);
    claims_free(verdict->claims);
    *verdict = (struct verdict){ 0 };
}
