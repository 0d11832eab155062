#include "simulated.h"

#include "random.h"

#include <math.h>

double simulated_normal(struct random *random)
{
    const double radius = sqrt(2 * random_exponential(random));
    return radius * cos(2 * M_PI * random_uniform(random));
}

static double breakage(const struct simulated *s, struct random *random)
{
    return random_uniform(random) < s->broken ? log(1.5 + 3.5 * random_uniform(random)) : 0;
}

static struct decide_run run_of(double log_value)
{
    return (struct decide_run){ .time = { .state = ATTEMPT_EXACT, .value = exp(log_value) },
                                .less_generator = NAN,
                                .failed = NAN };
}

static double log_shift(const struct simulated *s)
{
    return s->shift > 0 ? log(s->shift) : 0;
}

/* The next value of a series of standard deviation 1 that depends on the one before. */
static double follow(double before, double correlation, struct random *random)
{
    return correlation * before + sqrt(1 - correlation * correlation) * simulated_normal(random);
}

void simulated_pairs(const struct simulated *s, size_t n, struct random *random, struct decide_pair *pairs)
{
    const double run_spread = s->spread / sqrt(2);
    double difference = simulated_normal(random), level = simulated_normal(random);
    for (size_t i = 0; i < n; i++) {
        const bool b_first = i % 4 == 1 || i % 4 == 2; /* balanced */
        double run[2];
        for (int k = 0; k < 2; k++) {
            level = follow(level, s->drift, random);
            run[k] = s->drift > 0 ? run_spread * level : 0;
        }
        difference = follow(difference, s->memory, random);
        double a = run[b_first], b = log(s->ratio) + log_shift(s) + run[!b_first];
        if (s->drift <= 0)
            b += s->spread * difference;
        b += random_uniform(random) < s->slow_b ? log(1.5) : 0;
        pairs[i] = (struct decide_pair){ .b_first = b_first,
                                         .a = run_of(a + breakage(s, random)),
                                         .b = run_of(b + breakage(s, random)) };
    }
}

void simulated_controls(const struct simulated *s, size_t n, struct random *random, struct decide_pair *pairs)
{
    for (size_t i = 0; i < n; i++)
        pairs[i] = (struct decide_pair){
            .a = run_of(breakage(s, random)),
            .b = run_of(log_shift(s) + s->spread * simulated_normal(random) + breakage(s, random)),
        };
}
