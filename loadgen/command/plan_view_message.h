/* One request as it will be sent, and what is expected of its response, for people: values that may be secret
 * are shown as (given). */
#ifndef COMMAND_PLAN_VIEW_MESSAGE_H
#define COMMAND_PLAN_VIEW_MESSAGE_H

#include "plan.h"

#include <stddef.h>
#include <stdio.h>

struct text_out;

enum { PLAN_VIEW_INDENT = 14 };

/* The message with {words} for what is generated per request. Owned; NULL when memory is short. */
char *plan_view_message_text(const struct plan_stream *s, const struct plan_request *r, size_t *length);
/* The request line of such a message, without its end and its secrets. */
void plan_view_start_line(const char *message, bool is_http2, FILE *out);
/* Prints such a message without its first line, over HTTP/2 as the fields that are sent. Changes `message`.
 */
void plan_view_message(char *message, size_t length, bool is_http2, FILE *out);
/* A piece as it is written in a scenario. */
void plan_view_piece(const struct plan_stream *s, const struct plan_piece *piece, FILE *out);
/* "expects 2xx, body ..." */
void plan_view_expect(const struct plan_expect *x, FILE *out);
/* Ends the text and, unless it is empty, prints it in lines of a terminal's width, beside its heading; all
 * but the first are indented by PLAN_VIEW_INDENT. */
void plan_view_prose(FILE *out, const char *heading, struct text_out *text);

#endif
