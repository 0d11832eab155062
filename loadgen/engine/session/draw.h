/* What chance decides for a user: each draw follows from the plan's seed, the stream, the pass, the step and
 * the repetition of the step, never from what was drawn before. So any number of threads and generators draw
 * what one would. */
#ifndef ENGINE_DRAW_H
#define ENGINE_DRAW_H

#include <stdbool.h>
#include <stdint.h>

struct session_think;

enum draw_purpose {
    DRAW_THINK,
    DRAW_CHANCE,
    DRAW_VALUE, /* {random}, {uuid} and what else a request needs: further numbers by random_at */
    N_DRAW_PURPOSES = 4,
};

/* The key of a stream's draws. */
uint64_t draw_stream_key(uint64_t seed, uint32_t stream);
/* 64 random bits. */
uint64_t draw_bits(uint64_t stream_key, uint64_t pass, uint32_t step, uint32_t repeat,
                   enum draw_purpose purpose);

/* The pause that these bits draw. */
uint64_t draw_think_ns(const struct session_think *think, uint64_t bits);
/* Whether something of this probability happens: always at 1, never at 0. */
bool draw_happens(double chance, uint64_t bits);

#endif
