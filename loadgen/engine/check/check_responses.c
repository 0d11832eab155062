#include "check_parts.h"

#include <stdlib.h>

int check_responses_init(struct check *c, struct check_responses *responses)
{
    const struct session_step *step = course_step(&c->course, &c->shared);
    char *tail = calloc(1, exchange_tail_bytes(&step->expect) + 1);
    if (!tail)
        return -1;
    responses->tail = tail;
    answer_begin(&c->answer, c->looks[c->course.step]);
    answer_begin(&c->shown, c->shown_look);
    exchange_init(&responses->real, &step->expect, tail, NULL);
    exchange_init(&responses->shown, &c->shown_step.expect, NULL, NULL);
    responses->real.response.answer = &c->answer;
    responses->shown.response.answer = &c->shown;
    return 0;
}

void check_responses_fini(struct check_responses *responses)
{
    free(responses->tail);
}
