/* A comparison in the forms that programs and pages read, with what its gates found. */
#ifndef COMPARISON_OUTPUT_H
#define COMPARISON_OUTPUT_H

#include <stdio.h>

struct comparison;
struct err;
struct gates;

/* One object (docs/schema/comparison.schema.json). */
int comparison_json(FILE *out, const struct comparison *c, const struct gates *gates, struct err *e);
/* The sentence, the gates and the numbers, for a comment on a pull request. */
int comparison_markdown(FILE *out, const struct comparison *c, const struct gates *gates, struct err *e);
/* A suite with a case per gate, or one case that passes when there is none. */
int comparison_junit(FILE *out, const struct comparison *c, const struct gates *gates, struct err *e);

#endif
