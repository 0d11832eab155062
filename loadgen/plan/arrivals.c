#include "arrivals.h"

#include "err.h"
#include "plan.h"
#include "recording.h"

#include <math.h>

/* How many arrivals a phase has expected by its end: the integral of its rate. */
static double phase_integral(const struct plan_phase *p)
{
    return (p->rate_per_s + p->rate_end_per_s) / 2e9 * (double)p->duration_ns;
}

/* When, after the phase's start, the integral of the rate reaches y. For a ramp from r0 to r1 over d it is
 * r0 t + (r1 - r0) t^2 / 2d; the root is written so that nothing cancels when r1 is close to r0. Either may
 * be 0. */
static uint64_t phase_time_ns(const struct plan_phase *p, double y)
{
    const double r0 = p->rate_per_s;
    const double r1 = p->rate_end_per_s;
    if (p->kind == PLAN_PHASE_RATE)
        return (uint64_t)(y * 1e9 / r0 + 0.5);
    const double d = (double)p->duration_ns / 1e9;
    const double slope = r0 + sqrt(fmax(0, r0 * r0 + 2 * (r1 - r0) * y / d));
    return slope > 0 ? (uint64_t)(2e9 * y / slope + 0.5) : 0;
}

uint64_t arrivals_phase_start_ns(const struct plan_stream *stream, uint32_t k)
{
    uint64_t sum_ns = 0;
    for (uint32_t i = 0; i < k && i < stream->n_phases; i++)
        sum_ns += stream->phases[i].duration_ns;
    return sum_ns;
}

void arrivals_init(struct arrivals *a, const struct plan_stream *stream, uint64_t seed,
                   uint32_t stream_number, const struct division *division)
{
    *a = (struct arrivals){
        .stream = stream, .seed = seed, .stream_number = stream_number, .own = division_walk_begin(division)
    };
    a->walk.lines.fd = -1;
}

void arrivals_fini(struct arrivals *a)
{
    if (!a->stream)
        return;
    recording_walk_end(&a->walk);
    recording_rows_fini(&a->rows);
}

static const struct plan_phase *current_phase(const struct arrivals *a)
{
    return &a->stream->phases[a->phase];
}

static void next_phase(struct arrivals *a)
{
    a->phase_start_ns += current_phase(a)->duration_ns;
    a->phase++;
}

/* The next own arrival of a phase with a fixed number of arrivals; false when none is left. */
static bool next_counted(struct arrivals *a, uint64_t *due_ns, uint64_t *number)
{
    const struct plan_phase *p = current_phase(a);
    const uint64_t i = a->own.number - a->first;
    if (i >= p->n_requests) {
        a->first += p->n_requests;
        return false;
    }
    *due_ns = p->kind == PLAN_PHASE_BURST ? 0 : phase_time_ns(p, (double)i + 0.5);
    *number = a->own.number;
    division_walk_next(&a->own);
    return true;
}

/* The same for Poisson arrivals. */
static bool next_drawn(struct arrivals *a, uint64_t *due_ns, uint64_t *number)
{
    const struct plan_phase *p = current_phase(a);
    double at;
    if (!a->is_drawing)
        poisson_begin(&a->poisson, a->seed, a->stream_number, a->phase, phase_integral(p), a->first);
    a->is_drawing = poisson_next(&a->poisson, &a->own, &at, number);
    if (a->is_drawing)
        *due_ns = phase_time_ns(p, at);
    else
        a->first = poisson_end_number(&a->poisson);
    return a->is_drawing;
}

/* Opens the file of the current phase, unless it is open. */
static int open_replay(struct arrivals *a, struct err *e)
{
    const struct recording_part *part = current_phase(a)->replay;
    if (a->walk.part == part)
        return 0;
    recording_walk_end(&a->walk);
    return recording_walk_begin(&a->walk, a->stream->recording, part, e);
}

int arrivals_open(struct arrivals *a, struct err *e)
{
    for (uint32_t k = 0; k < a->stream->n_phases; k++) {
        const struct recording_part *part = a->stream->phases[k].replay;
        if (part)
            return recording_walk_begin(&a->walk, a->stream->recording, part, e);
    }
    return 0;
}

/* The same for recorded requests. A file that has become unreadable ends the schedule. */
static bool next_recorded(struct arrivals *a, uint64_t *due_ns, uint64_t *number)
{
    const struct plan_phase *p = current_phase(a);
    const uint64_t i = a->own.number - a->first;
    struct err ignored;
    if (i >= p->n_requests) {
        a->first += p->n_requests;
        return false;
    }
    a->row = open_replay(a, &ignored) == 0 ? recording_walk_to(&a->walk, &a->rows, i, due_ns) : NULL;
    if (!a->row) {
        a->wrong = a->walk.wrong ? a->walk.wrong : "cannot open the file of recorded requests";
        a->phase = (uint32_t)a->stream->n_phases - 1;
        return false;
    }
    *number = a->own.number;
    division_walk_next(&a->own);
    return true;
}

static bool next_in_phase(struct arrivals *a, uint64_t *due_ns, uint64_t *number)
{
    switch (current_phase(a)->kind) {
    case PLAN_PHASE_RATE:
    case PLAN_PHASE_RAMP:
        return a->stream->arrivals == PLAN_POISSON ? next_drawn(a, due_ns, number)
                                                   : next_counted(a, due_ns, number);
    case PLAN_PHASE_BURST:
        return next_counted(a, due_ns, number);
    case PLAN_PHASE_REPLAY:
        return next_recorded(a, due_ns, number);
    case PLAN_PHASE_REQUESTS:
    case PLAN_PHASE_DURATION:
    case PLAN_PHASE_PAUSE:
        break;
    }
    return false;
}

bool arrivals_next(struct arrivals *a, uint64_t *due_ns, uint64_t *number, uint32_t *phase)
{
    uint64_t since_phase_ns;
    for (; a->phase < a->stream->n_phases; next_phase(a)) {
        if (!next_in_phase(a, &since_phase_ns, number))
            continue;
        *due_ns = a->phase_start_ns + since_phase_ns;
        *phase = a->phase;
        return true;
    }
    return false;
}
