#include "queue.h"

#include "random.h"

#include <math.h>
#include <stddef.h>

void queue_init(struct queue *q, double service_s, double gap_s, struct random *random)
{
    *q = (struct queue){ .service_s = service_s, .gap_s = gap_s, .random = random };
    const double utilisation = service_s / gap_s;
    if (random_uniform(random) < utilisation)
        q->wait_s = random_exponential(random) / (1 / service_s - 1 / gap_s);
}

double queue_next(struct queue *q, double *arrival_s)
{
    if (arrival_s)
        *arrival_s = q->arrival_s;
    const double response_s = q->wait_s + q->service_s * random_exponential(q->random);
    const double gap_s = q->gap_s * random_exponential(q->random);
    q->wait_s = fmax(0, response_s - gap_s);
    q->arrival_s += gap_s;
    return response_s;
}

double queue_percentile_s(double service_s, double gap_s, double p)
{
    return -log1p(-p) / (1 / service_s - 1 / gap_s);
}

double queue_service_for_ratio(double service_s, double gap_s, double ratio)
{
    return 1 / (1 / gap_s + (1 / service_s - 1 / gap_s) / ratio);
}
