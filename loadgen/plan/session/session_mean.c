#include "session_mean.h"

#include "units.h"

#include <math.h>

double session_think_mean_ns(const struct session_think *think)
{
    const double low_ns = (double)think->low_ns;
    switch (think->spread) {
    case SESSION_UNIFORM:
        return (low_ns + (double)think->high_ns) / 2;
    case SESSION_EXPONENTIAL: /* longer ones are cut to the longest */
        return think->high_ns > 0 ? low_ns * -expm1(-(double)think->high_ns / low_ns) : low_ns;
    case SESSION_CONSTANT:
        break;
    }
    return low_ns;
}

struct session_mean session_mean(const struct plan_session *session)
{
    struct session_mean mean = { 0 };
    const size_t end = session->n_steps - session->n_end;
    double all_ns = 0;
    for (size_t i = 0; i < session->n_steps; i++) {
        const struct session_step *step = &session->steps[i];
        const double think_ns = session_think_mean_ns(&step->think);
        const double n = step->chance * step->n_times;
        mean.life_ns += n * (think_ns + NS_PER_S);
        if (step->part != SESSION_STEPS)
            continue;
        mean.n_requests += n;
        all_ns += n * think_ns;
        mean.think_ns += i + 1 == end ? (n - step->chance) * think_ns : n * think_ns;
    }
    mean.from_to_pass_ns = fmax(all_ns, (double)session->pace_ns);
    return mean;
}
