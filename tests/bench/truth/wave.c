#include "wave.h"

#include "simulated.h"

#include <math.h>

void wave_init(struct wave *w, double phi, double sd, struct random *random)
{
    *w = (struct wave){ .phi = phi, .sd = sd, .value = sd * simulated_normal(random), .random = random };
}

double wave_next(struct wave *w)
{
    const double value = w->value;
    w->value = w->phi * value + sqrt(1 - w->phi * w->phi) * w->sd * simulated_normal(w->random);
    return value;
}
