#include "evidence.h"

#include "hist.h"
#include "plan.h"

#include <stdlib.h>

int evidence_init(struct evidence *ev, const struct plan *plan)
{
    *ev = (struct evidence){ .plan = plan,
                             .courses = calloc(plan->n_streams, sizeof *ev->courses),
                             .host_start = host_counters_read(""),
                             .scratch = { hist_new(), hist_new() } };
    ev->host_end = ev->host_start;
    host_facts_clocksource("", ev->clocksource_start);
    host_facts_clocksource("", ev->clocksource_end);
    return ev->courses && ev->scratch[0] && ev->scratch[1] ? 0 : -1;
}

void evidence_fini(struct evidence *ev)
{
    for (size_t i = 0; ev->courses && i < ev->plan->n_streams; i++)
        free(ev->courses[i].points);
    free(ev->courses);
    hist_free(ev->scratch[0]);
    hist_free(ev->scratch[1]);
    *ev = (struct evidence){ 0 };
}

int evidence_add_point(struct evidence *ev, size_t stream, struct evidence_point point)
{
    struct evidence_course *course = &ev->courses[stream];
    if (course->n == course->capacity) {
        const size_t capacity = course->capacity ? 2 * course->capacity : 64;
        struct evidence_point *larger = realloc(course->points, capacity * sizeof *larger);
        if (!larger)
            return -1;
        course->points = larger;
        course->capacity = capacity;
    }
    if (course->n > 0) {
        point.n_intended += course->points[course->n - 1].n_intended;
        point.n_sent += course->points[course->n - 1].n_sent;
    }
    course->points[course->n++] = point;
    return 0;
}
