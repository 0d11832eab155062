#include "progress_course.h"

#include "division.h"
#include "phase_clock.h"
#include "units.h"

#include <inttypes.h>

/* Requests of phase k. */
static uint64_t count_in(const struct progress_moment *m, size_t k)
{
    const uint64_t n = m->stream->phases[k].n_requests;
    return m->part ? division_n_from(m->part, plan_first_number(m->stream, k), n) : n;
}

/* Requests of all phases; 0 if one of them runs for a time. */
static uint64_t count_total(const struct progress_moment *m)
{
    const struct plan_stream *stream = m->stream;
    uint64_t n = 0;
    for (size_t k = 0; k < stream->n_phases; k++) {
        if (stream->phases[k].kind == PLAN_PHASE_DURATION)
            return 0;
        if (phase_has_count(stream->phases[k].kind))
            n += count_in(m, k);
    }
    return n;
}

static uint64_t elapsed_in(const struct progress_moment *m, size_t k)
{
    const uint64_t start_ns = phase_start_ns(m->phases, m->stream->first_phase_index + k);
    return start_ns != 0 && m->now_ns > start_ns ? m->now_ns - start_ns : 0;
}

/* The rest of the time that phase k may take. */
static uint64_t time_left(const struct progress_moment *m, size_t k)
{
    const uint64_t duration_ns = m->stream->phases[k].duration_ns;
    const uint64_t elapsed_ns = elapsed_in(m, k);
    return duration_ns > elapsed_ns ? duration_ns - elapsed_ns : 0;
}

/* Adds the time that phase k still needs, if any. False if it is not known yet. */
static bool phase_left(const struct progress_moment *m, size_t k, struct progress_course *course)
{
    const struct plan_phase *phase = &m->stream->phases[k];
    if (phase_end_ns(m->phases, m->stream->first_phase_index + k) != 0)
        return true;
    if (phase->kind != PLAN_PHASE_REQUESTS) {
        course->left_ns += time_left(m, k);
        return true;
    }
    const uint64_t n_done = m->n_done_in_phase[k];
    const uint64_t n_all = count_in(m, k);
    const uint64_t n_left = n_all > n_done ? n_all - n_done : 0;
    uint64_t left_ns = m->rate_per_s > 0 ? (uint64_t)((double)n_left / m->rate_per_s * 1e9) : UINT64_MAX;
    if (phase->duration_ns > 0 && time_left(m, k) < left_ns)
        left_ns = time_left(m, k);
    course->is_estimate = true;
    if (left_ns == UINT64_MAX)
        return n_left == 0;
    course->left_ns += left_ns;
    return true;
}

static void describe_phase(const struct progress_moment *m, struct progress_course *course)
{
    const struct plan_stream *stream = m->stream;
    const size_t k = phase_in_force(stream, m->phases, m->now_ns);
    const struct plan_phase *phase = &stream->phases[k];
    if (course->is_over)
        snprintf(course->phase, sizeof course->phase, "done");
    else if (phase->kind == PLAN_PHASE_PAUSE)
        snprintf(course->phase, sizeof course->phase, "pause %" PRIu64 " s",
                 (time_left(m, k) + NS_PER_S - 1) / NS_PER_S);
    else if (stream->n_phases > 1)
        snprintf(course->phase, sizeof course->phase, "%s%s", phase->name, phase->warmup ? " (warm-up)" : "");
}

struct progress_course progress_course_of(const struct progress_moment *m)
{
    struct progress_course course = { .n_total = count_total(m),
                                      .is_known = true,
                                      .is_over = phase_all_over(m->stream, m->phases) };
    for (size_t k = 0; k < m->stream->n_phases; k++) {
        course.is_known &= phase_left(m, k, &course);
        course.n_done += m->n_done_in_phase[k];
    }
    const uint64_t elapsed_ns = m->now_ns > m->t0_ns ? m->now_ns - m->t0_ns : 0;
    if (course.is_over)
        course.fraction = 1;
    else if (course.n_total > 0)
        course.fraction = (double)course.n_done / (double)course.n_total;
    else if (course.is_known && elapsed_ns > 0)
        course.fraction = (double)elapsed_ns / (double)(elapsed_ns + course.left_ns);
    describe_phase(m, &course);
    return course;
}
