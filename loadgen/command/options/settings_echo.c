#include "settings_echo.h"

#include "options.h"
#include "plan.h"
#include "run_options.h"
#include "units.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct making {
    struct settings_echo *echo;
    const struct run_options *o;
    const struct plan *plan;
};

/* The stream of a URL, or of the first of two, whose streams are alike; NULL for a scenario, which says
 * itself what its streams do. */
static const struct plan_stream *url_stream(const struct plan *plan)
{
    return plan->scenario_file || plan->n_streams == 0 ? NULL : &plan->streams[0];
}

static const char *count_text(uint64_t n, char *out)
{
    snprintf(out, UNITS_TEXT_BYTES, "%" PRIu64, n);
    return out;
}

/* What the plan took for an option that was not given; NULL: nothing. */
static const char *default_of(const struct plan *plan, const char *name, char *out)
{
    const struct plan_stream *s = url_stream(plan);
    const struct plan_phase *last = s && s->n_phases > 0 ? &s->phases[s->n_phases - 1] : NULL;
    if (strcmp(name, "threads") == 0)
        return count_text(plan->n_threads, out);
    if (strcmp(name, "seed") == 0)
        return count_text(plan->seed, out);
    if (s && strcmp(name, "connections") == 0)
        return count_text(s->n_connections, out);
    if (s && strcmp(name, plan_is_http2(plan, s) ? "streams" : "pipeline") == 0)
        return count_text(s->in_flight_most, out);
    if (s && strcmp(name, "timeout") == 0)
        return units_duration_exact(s->timeout_ns, out);
    if (last && last->rate_per_s > 0 && strcmp(name, "rate") == 0) { /* a sweep's */
        snprintf(out, UNITS_TEXT_BYTES, "%.10g", last->rate_per_s);
        return out;
    }
    if (last && last->duration_ns > 0 && strcmp(name, "duration") == 0)
        return units_duration_exact(last->duration_ns, out);
    if (last && s->phases[0].warmup && strcmp(name, "warmup") == 0)
        return units_duration_exact(s->phases[0].duration_ns, out);
    return s && s->n_requests == 1 && strcmp(name, "method") == 0 ? s->requests[0].method : NULL;
}

static void echo_option(void *payload, const char *name, const char *value)
{
    const struct making *m = payload;
    struct settings_echo *echo = m->echo;
    const struct option_row *row = options_find(m->o->command, name);
    char text[UNITS_TEXT_BYTES];
    if (echo->n == SETTINGS_MOST)
        return;
    if (!options_given(m->o->parsed, &m->o->result, name) && row->kind != OPTION_FLAG && !row->fallback)
        value = default_of(m->plan, name, text);
    struct recorder_setting *s = &echo->rows[echo->n++];
    *s = (struct recorder_setting){ .name = strdup(name), .value = value ? strdup(value) : NULL };
    echo->is_short |= !s->name || (value && !s->value);
}

void settings_echo_init(struct settings_echo *echo, const struct run_options *o, const struct plan *plan)
{
    struct making m = { echo, o, plan };
    echo->n = 0;
    echo->is_short = false;
    options_visit(o->command, o, echo_option, &m);
}

void settings_echo_fini(struct settings_echo *echo)
{
    for (size_t i = 0; i < echo->n; i++) {
        free(echo->rows[i].name);
        free(echo->rows[i].value);
    }
}
