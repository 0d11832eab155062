#include "rule_input.h"

#include "hist.h"
#include "plan.h"

#include <math.h>
#include <stdlib.h>

int rule_input_init(struct rule_input *in, const struct plan *plan)
{
    *in = (struct rule_input){ .plan = plan,
                               .series = calloc(plan->n_streams, sizeof *in->series),
                               .host_start = host_counters_read(""),
                               .start_late_ms = NAN,
                               .clock_drift_ms = NAN,
                               .scratch = { hist_new(), hist_new() } };
    in->host_end = in->host_start;
    host_allowances_read(&in->allowances_start);
    in->allowances_end = in->allowances_start;
    host_facts_clocksource("", in->clocksource_start);
    host_facts_clocksource("", in->clocksource_end);
    return in->series && in->scratch[0] && in->scratch[1] ? 0 : -1;
}

void rule_input_fini(struct rule_input *in)
{
    for (size_t i = 0; in->series && i < in->plan->n_streams; i++)
        free(in->series[i].seconds);
    free(in->series);
    hist_free(in->scratch[0]);
    hist_free(in->scratch[1]);
    *in = (struct rule_input){ 0 };
}

int rule_input_add(struct rule_input *in, size_t stream, struct rule_second second)
{
    struct rule_series *series = &in->series[stream];
    if (series->n == series->capacity) {
        const size_t capacity = series->capacity ? 2 * series->capacity : 64;
        struct rule_second *larger = realloc(series->seconds, capacity * sizeof *larger);
        if (!larger)
            return -1;
        series->seconds = larger;
        series->capacity = capacity;
    }
    if (series->n > 0) {
        second.n_intended += series->seconds[series->n - 1].n_intended;
        second.n_sent += series->seconds[series->n - 1].n_sent;
    }
    series->seconds[series->n++] = second;
    return 0;
}
