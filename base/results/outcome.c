#include "outcome.h"

#include <string.h>

static const char *const names[] = {
#define OUTCOME_NAME(constant, name, words) name,
    OUTCOMES(OUTCOME_NAME)
#undef OUTCOME_NAME
};
static const char *const all_words[] = {
#define OUTCOME_WORDS(constant, name, words) words,
    OUTCOMES(OUTCOME_WORDS)
#undef OUTCOME_WORDS
};
_Static_assert(sizeof names / sizeof *names == N_OUTCOMES, "every outcome has a name");

bool outcome_is_failure(enum outcome outcome)
{
    return outcome != OUTCOME_OK && outcome != OUTCOME_CENSORED && outcome != OUTCOME_RESET_IDLE;
}

const char *outcome_name(enum outcome outcome)
{
    return names[outcome];
}

const char *outcome_words(enum outcome outcome)
{
    return all_words[outcome];
}

enum outcome outcome_find(const char *name)
{
    unsigned i = 0;
    while (i < N_OUTCOMES && strcmp(names[i], name) != 0)
        i++;
    return (enum outcome)i;
}
