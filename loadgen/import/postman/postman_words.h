/* `{{name}}` of Postman as words of a scenario: what the collection gives is put in, what a script captured
 * is a variable, and any other is a variable of the environment. */
#ifndef IMPORT_POSTMAN_WORDS_H
#define IMPORT_POSTMAN_WORDS_H

#include "draft.h"

struct err;

struct postman_variable {
    const char *name;
    const char *value;   /* as given: it may hold further {{names}}; NULL: a script captures it */
    const char *capture; /* the variable of the scenario; NULL: none */
};

struct postman_words {
    struct draft *draft; /* borrowed */
    struct postman_variable *variables;
    size_t n;
};

/* Adds the pairs of `key` and `value` of a list; an earlier one of the same name takes precedence. */
int postman_words_add(struct postman_words *w, const json_t *list, struct err *e);
/* From now on, `name` is what the scenario captures as `capture`. */
int postman_words_capture(struct postman_words *w, const char *name, const char *capture, struct err *e);
/* The text as a template; NULL and a sentence when memory is short. */
const char *postman_words_template(struct postman_words *w, const char *text, struct err *e);

#endif
