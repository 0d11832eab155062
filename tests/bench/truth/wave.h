/* Seconds that resemble each other: a stationary AR(1) series of normal values. */
#ifndef TRUTH_WAVE_H
#define TRUTH_WAVE_H

struct random;

struct wave {
    double phi, sd; /* autocorrelation from one value to the next; standard deviation of each value */
    double value;
    struct random *random; /* borrowed */
};

/* Starts in the steady state. */
void wave_init(struct wave *w, double phi, double sd, struct random *random);
double wave_next(struct wave *w);

#endif
