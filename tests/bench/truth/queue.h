/* A queue whose truth is known: one server, random arrivals, exponential service (M/M/1), simulated request
 * by request by Lindley's recursion. Its response time is exponential with rate 1/service - 1/gap, so every
 * percentile is known exactly, and yet consecutive requests resemble each other as those of a loaded server
 * do. */
#ifndef TRUTH_QUEUE_H
#define TRUTH_QUEUE_H

struct random;

struct queue {
    double service_s; /* mean */
    double gap_s;     /* mean time between arrivals */
    double wait_s;    /* of the next request */
    double arrival_s; /* of the next request, since the start */
    struct random *random;
};

/* Starts in the steady state, so that no warm-up need be dropped. Borrows `random` until the last request. */
void queue_init(struct queue *q, double service_s, double gap_s, struct random *random);
/* The response time of the next request in seconds; `arrival_s`, unless NULL, receives when it arrived. */
double queue_next(struct queue *q, double *arrival_s);
/* The exact percentile of the response time, p as a share. */
double queue_percentile_s(double service_s, double gap_s, double p);
/* The mean service time at which all percentiles are `ratio` times as long while requests arrive as before.
 */
double queue_service_for_ratio(double service_s, double gap_s, double ratio);

#endif
