/* What a check must not show: values of headers, cookies, fields and columns of feeds that are secret by
 * their names, values from the environment, and values of feeds and captures that are used in such places. */
#ifndef COMMAND_CHECK_SECRETS_H
#define COMMAND_CHECK_SECRETS_H

#include "plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { CHECK_SECRETS_MOST = 512 };

/* All zero at first. */
struct check_secrets {
    char *texts[CHECK_SECRETS_MOST]; /* owned */
    size_t lengths[CHECK_SECRETS_MOST];
    size_t n;
    uint64_t variables; /* bits of the session's variables that are secret */
};

/* Finds what is secret in the requests of the stream's session, and in the feed rows of user and pass
 * `number`. -1 when memory is short. */
int check_secrets_init(struct check_secrets *s, const struct plan *plan, const struct plan_stream *stream,
                       uint64_t number);
void check_secrets_fini(struct check_secrets *s);

bool check_secrets_has_variable(const struct check_secrets *s, uint32_t variable);
/* From now on the bytes are not shown, however they are escaped. */
int check_secrets_add(struct check_secrets *s, const char *bytes, size_t n);

/* Writes a text with (given) in place of what is secret. */
void check_secrets_write(const struct check_secrets *s, const char *text, size_t n, FILE *out);
/* The same for a header line. */
void check_secrets_write_header(const struct check_secrets *s, const char *line, size_t n, FILE *out);

#endif
