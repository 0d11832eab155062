#include "sweep_result.h"

#include <string.h>

static const char *const names[] = {
#define SWEEP_RESULT_NAME(constant, name, words) name,
    SWEEP_RESULTS(SWEEP_RESULT_NAME)
#undef SWEEP_RESULT_NAME
};
static const char *const all_words[] = {
#define SWEEP_RESULT_WORDS(constant, name, words) words,
    SWEEP_RESULTS(SWEEP_RESULT_WORDS)
#undef SWEEP_RESULT_WORDS
};

const char *sweep_result_name(enum sweep_result result)
{
    return names[result];
}

const char *sweep_result_words(enum sweep_result result)
{
    return all_words[result];
}

enum sweep_result sweep_result_find(const char *name)
{
    unsigned i = 0;
    while (i < N_SWEEP_RESULTS && strcmp(names[i], name) != 0)
        i++;
    return (enum sweep_result)i;
}
