#include "sweep_plan.h"

#include "err.h"
#include "phase.h"
#include "plan.h"
#include "stream.h"
#include "sweep_options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double stream_rate(const struct plan_stream *s)
{
    double most = 0;
    for (size_t k = 0; k < s->n_phases; k++)
        most = fmax(most, fmax(s->phases[k].rate_per_s, s->phases[k].rate_end_per_s));
    return most;
}

static int add_phase(struct plan_stream *s, const char *name, uint64_t duration_ns, double rate_per_s,
                     struct err *e)
{
    const char *key;
    const struct phase_given given = { .duration_ns = duration_ns, .rate_per_s = rate_per_s };
    struct plan_phase *phase = &s->phases[s->n_phases++];
    snprintf(phase->name, sizeof phase->name, "%s", name);
    return phase_make(phase, s->model, s->arrivals, &given, &key, e);
}

/* Replaces a stream's phases by a warm-up and a measured phase at one rate. */
static int set_rate(struct plan_stream *s, double rate_per_s, const struct sweep_options *o, struct err *e)
{
    free(s->phases);
    s->n_phases = 0;
    s->phases = calloc(2, sizeof *s->phases);
    if (!s->phases)
        return err_set(e, ERR_FAILED, "out of memory for the sweep");
    s->phases[0].warmup = o->warmup_ns > 0;
    if (o->warmup_ns > 0 && add_phase(s, "warmup", o->warmup_ns, rate_per_s, e))
        return -1;
    return add_phase(s, "load", o->duration_ns, rate_per_s, e);
}

static int check_streams(const struct plan *plan, struct err *e)
{
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct plan_stream *s = &plan->streams[i];
        if (s->model != PLAN_OPEN)
            return err_set(
                e, ERR_INPUT,
                "a sweep needs streams with arrivals and a rate; stream '%s' of cluster '%s' has users",
                s->name, s->cluster);
        if (s->recording)
            return err_set(
                e, ERR_INPUT,
                "a sweep looks for a rate, and stream '%s' of cluster '%s' replays recorded requests "
                "at their own times; run it with another 'speed' instead",
                s->name, s->cluster);
        if (stream_rate(s) == 0)
            return err_set(
                e, ERR_INPUT,
                "a sweep needs a rate to start from; no phase of stream '%s' of cluster '%s' has one",
                s->name, s->cluster);
    }
    return 0;
}

struct run_options sweep_plan_options(const struct sweep_options *o, const char *cluster, double rate_per_s)
{
    struct run_options run = o->run;
    run.quiet = true;
    run.json = false; /* that is the sweep's */
    run.allow_missed = true;
    if (run.scenario) {
        run.only = cluster ? cluster : run.only;
        return run;
    }
    run.rate_per_s = rate_per_s;
    run.duration_ns = o->duration_ns;
    run.warmup_ns = o->warmup_ns;
    return run;
}

int sweep_plan_check(struct plan *plan, const struct sweep_options *o, struct err *e)
{
    const struct run_options run = sweep_plan_options(o, NULL, o->from_per_s);
    return plan_from_options(plan, &run, e) || check_streams(plan, e) ? -1 : 0;
}

int sweep_plan_step(struct plan *plan, const struct sweep_options *o, const struct run_options *run,
                    double rate_per_s, struct err *e)
{
    double sum = 0;
    if (plan_from_options(plan, run, e))
        return -1;
    for (size_t i = 0; i < plan->n_streams; i++)
        sum += stream_rate(&plan->streams[i]);
    for (size_t i = 0; i < plan->n_streams; i++)
        if (set_rate(&plan->streams[i], rate_per_s * stream_rate(&plan->streams[i]) / sum, o, e))
            return -1;
    stream_number_phases(plan);
    return 0;
}
