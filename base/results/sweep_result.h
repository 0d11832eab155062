/* How a step of a sweep ended. One list makes the enum, the names in loadcurve.csv, and the words for people.
 */
#ifndef BASE_SWEEP_RESULT_H
#define BASE_SWEEP_RESULT_H

/* X(constant, name in files, words for people). A step of SWEEP_GENERATOR says nothing about the target. */
#define SWEEP_RESULTS(X)                                                                                     \
    X(SWEEP_HELD, "held", "held")                                                                            \
    X(SWEEP_THRESHOLD, "threshold", "a threshold was missed")                                                \
    X(SWEEP_SATURATED, "saturated", "too few requests were answered")                                        \
    X(SWEEP_QUEUE, "queue", "the queue kept growing")                                                        \
    X(SWEEP_GENERATOR, "generator", "loadgen was the limit")

enum sweep_result {
#define SWEEP_RESULT_CONSTANT(constant, name, words) constant,
    SWEEP_RESULTS(SWEEP_RESULT_CONSTANT)
#undef SWEEP_RESULT_CONSTANT
        N_SWEEP_RESULTS
};

/* Constant strings. */
const char *sweep_result_name(enum sweep_result result);
const char *sweep_result_words(enum sweep_result result);
/* The result of that name; N_SWEEP_RESULTS when there is none. */
enum sweep_result sweep_result_find(const char *name);

#endif
