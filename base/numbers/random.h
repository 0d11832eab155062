/* Random numbers that can be drawn again: the same seed and stream give the same sequence on every machine.
 * The caller records the seed. Not for secrets. Generator: xoshiro256** 1.0, its state filled by SplitMix64
 * (D. Blackman, S. Vigna, https://prng.di.unimi.it). */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state[4];
};

/* The i-th of the numbers that belong to `key`, without those before it (SplitMix64). */
uint64_t random_at(uint64_t key, uint64_t i);
/* Starts the sequence that belongs to `seed`; streams of one seed are unrelated sequences, for threads or
 * repetitions. */
void random_init(struct random *r, uint64_t seed, uint64_t stream);
/* 64 random bits. */
uint64_t random_u64(struct random *r);
/* A whole number in 0..bound-1, all equally likely; bound must not be 0. (D. Lemire, "Fast random integer
 * generation in an interval", ACM TOMACS 29, 2019.) */
uint64_t random_below(struct random *r, uint64_t bound);
/* A number in [0, 1), 53 bits of it random. */
double random_uniform(struct random *r);
/* Exponential with mean 1: -ln(1 - U). Never infinite. */
double random_exponential(struct random *r);

#endif
