/* Names as scenarios have them, made of texts from outside. */
#ifndef IMPORT_DRAFT_NAMES_H
#define IMPORT_DRAFT_NAMES_H

#include "draft.h"
#include "plan.h"

/* 1 to 32 of A-Z a-z 0-9 - of the text, "step" if nothing is left of it. */
void draft_names_make(const char *text, char out[static PLAN_NAME_BYTES]);
/* A variable of the environment: A-Z 0-9 _, of at most 40 characters. */
enum { DRAFT_VARIABLE_BYTES = 48 };
void draft_names_make_variable(const char *text, char out[static DRAFT_VARIABLE_BYTES]);
/* A name for a capture: A-Z a-z 0-9 _, that is none of the words that mean something else. */
void draft_names_make_capture(const char *text, char out[static PLAN_NAME_BYTES]);
/* The same, unlike those of the stream's captures. */
void draft_names_capture(const struct draft_stream *s, const char *text, char out[static PLAN_NAME_BYTES]);
/* Names the last step of the stream after `text`, unlike all before it. */
int draft_names_step(struct draft *d, struct draft_stream *s, struct draft_step *step, const char *text,
                     struct err *e);
/* What a request does, for those that have no name: "post-orders" for POST /v1/orders/17?x=1. */
void draft_names_of_request(const char *method, const char *path, char out[static PLAN_NAME_BYTES]);
/* Gives each stream a name that no other has: the draft's, then of its host. */
int draft_names_streams(struct draft *d, struct err *e);

#endif
