#include "plan.h"

#include "clock.h"
#include "err.h"
#include "nearest.h"
#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

int plan_out_of_memory(struct err *e)
{
    return err_set(e, ERR_FAILED, "out of memory while making the plan");
}

const struct plan_target *plan_main_target(const struct plan *plan)
{
    for (size_t i = 0; i < plan->n_streams; i++)
        if (!plan->streams[i].target)
            return &plan->target;
    return plan->n_streams > 0 ? plan->streams[0].target : &plan->target;
}

/* Whether an earlier stream has the same. */
static bool is_seen(const struct plan *plan, size_t stream, const char *url)
{
    bool is = strcmp(plan_main_target(plan)->url, url) == 0;
    for (size_t i = 0; i < stream; i++)
        is = is || strcmp(plan_target_of(plan, &plan->streams[i])->url, url) == 0;
    return is;
}

const char *plan_targets_text(const struct plan *plan, char out[static PLAN_TARGETS_TEXT_BYTES])
{
    const char *first = plan_main_target(plan)->url, *second = NULL;
    size_t n_more = 0;
    snprintf(out, PLAN_TARGETS_TEXT_BYTES, "%s", first ? first : "");
    for (size_t i = 0; first && i < plan->n_streams; i++) {
        const char *url = plan_target_of(plan, &plan->streams[i])->url;
        if (is_seen(plan, i, url))
            continue;
        second = url;
        n_more++;
    }
    if (n_more == 1)
        snprintf(out, PLAN_TARGETS_TEXT_BYTES, "%s and %s", first, second);
    else if (n_more > 1)
        snprintf(out, PLAN_TARGETS_TEXT_BYTES, "%zu targets", n_more + 1);
    return out;
}

size_t plan_find_row(const struct plan_stream *stream, const char *name)
{
    size_t i = 0;
    while (i < stream->n_rows && strcmp(plan_row_name(stream, i), name) != 0)
        i++;
    return i;
}

size_t plan_find_cluster(const struct plan *plan, const char *name)
{
    size_t i = 0;
    while (i < plan->n_clusters && strcmp(plan->clusters[i].name, name) != 0)
        i++;
    return i;
}

uint64_t plan_n_connections(const struct plan *plan)
{
    uint64_t n = 0;
    for (size_t i = 0; i < plan->n_streams; i++)
        n += plan->streams[i].n_connections;
    return n;
}

static bool has_fixed_number(const struct plan_stream *s, const struct plan_phase *p)
{
    switch (p->kind) {
    case PLAN_PHASE_REQUESTS:
        return p->duration_ns == 0;
    case PLAN_PHASE_RATE:
    case PLAN_PHASE_RAMP:
        return s->arrivals != PLAN_POISSON;
    case PLAN_PHASE_DURATION:
        return false;
    case PLAN_PHASE_BURST:
    case PLAN_PHASE_REPLAY:
    case PLAN_PHASE_PAUSE:
        break;
    }
    return true;
}

uint64_t plan_first_number(const struct plan_stream *stream, size_t k)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < k; i++) {
        if (!has_fixed_number(stream, &stream->phases[i]))
            return UINT64_MAX;
        sum += stream->phases[i].n_requests;
    }
    return sum;
}

struct plan_length plan_length(const struct plan *plan)
{
    struct plan_length length = { 0 };
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct plan_stream *s = &plan->streams[i];
        uint64_t sum_ns = 0;
        for (size_t k = 0; k < s->n_phases; k++) {
            const bool is_open_ended = s->phases[k].kind == PLAN_PHASE_REQUESTS;
            sum_ns += is_open_ended ? 0 : s->phases[k].duration_ns;
            length.is_least = length.is_least || is_open_ended;
        }
        length.ns = sum_ns > length.ns ? sum_ns : length.ns;
    }
    return length;
}

uint64_t plan_draw_seed(void)
{
    uint64_t seed;
    if (TEMP_FAILURE_RETRY(getrandom(&seed, sizeof seed, 0)) != (ssize_t)sizeof seed)
        seed = clock_realtime_ns();
    return seed >> 11;
}

static int check_step(const struct plan_stream *stream, const char *step, struct err *e)
{
    const char *names[2 * SESSION_STEPS_MOST + 1];
    size_t n = 0;
    if (*step == '\0' || plan_find_row(stream, step) < stream->n_rows)
        return 0;
    for (; n < stream->n_rows && n < sizeof names / sizeof *names; n++)
        names[n] = plan_row_name(stream, n);
    if (!stream->rows)
        return err_set(e, ERR_INPUT, "stream '%s' has no steps, and so no '%s'", stream->name, step);
    const char *near = nearest_word(step, names, n);
    return err_set(e, ERR_INPUT, "stream '%s' has no step '%s'%s%s%s", stream->name, step,
                   near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static int check_scope(const struct plan *plan, const char *scope, struct err *e)
{
    char names[512] = "", stream[TAGS_NAME_BYTES], step[TAGS_STEP_BYTES];
    size_t used = 0;
    if (scope[0] == '\0' || plan_find_cluster(plan, scope) < plan->n_clusters)
        return 0;
    tags_split_stream(scope, stream, step);
    for (size_t i = 0; i < plan->n_streams; i++)
        if (strcmp(plan->streams[i].name, stream) == 0)
            return check_step(&plan->streams[i], step, e);
    for (size_t i = 0; i < plan->n_clusters + plan->n_streams && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
                                 i < plan->n_clusters ? plan->clusters[i].name
                                                      : plan->streams[i - plan->n_clusters].name);
    return err_set(e, ERR_INPUT, "there is no %s '%s'; there are %s", *step ? "stream" : "cluster or stream",
                   stream, names);
}

int plan_add_threshold(struct plan *plan, const char *text, struct err *e)
{
    struct threshold *larger = realloc(plan->thresholds, (plan->n_thresholds + 1) * sizeof *larger);
    if (!larger)
        return plan_out_of_memory(e);
    plan->thresholds = larger;
    struct threshold *t = &larger[plan->n_thresholds];
    if (threshold_parse(t, text, e))
        return -1;
    plan->n_thresholds++;
    return check_scope(plan, t->scope, e);
}
