/* One attempt at one call: a POST that libcurl signs (CURLOPT_AWS_SIGV4), anew each time. The signature is
 * valid on libcurl 7.87 and later as long as the path is "/", there is no query, the body is in memory, and
 * no header is removed, repeated or dated by hand. */
#ifndef PROVISION_AWS_TRANSFER_H
#define PROVISION_AWS_TRANSFER_H

#include "aws_call.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct aws_config;

struct aws_transfer {
    void *easy;    /* CURL *, owned; NULL when not running */
    void *headers; /* struct curl_slist *, owned: holds the session token */
    const struct aws_config *config;
    struct aws_call *call;
    char *body; /* owned; received so far */
    size_t body_bytes;
    size_t body_capacity_bytes;
    bool too_large;
    char request_id[80];
    uint64_t asked_wait_ms; /* from the reply's x-amz-retry-after or Retry-After; 0: none */
    int64_t server_date_s;  /* from the reply's Date; 0: none */
    char error[256];        /* libcurl's message */
};

/* Checks that this libcurl can sign: version 7.87 or later, built with AWS support. */
int aws_transfer_check_library(struct err *e);

/* Prepares `t->easy` for the caller to run; `t` must not move until aws_transfer_fini. */
int aws_transfer_init(struct aws_transfer *t, const struct aws_config *config, struct aws_call *call,
                      struct err *e);
/* Fills the call's reply or failure after a run that ended with this CURLcode. `now_s` is the local time
 * since the epoch. */
void aws_transfer_finish(struct aws_transfer *t, int curl_code, int64_t now_s);
/* Wipes the headers and frees. */
void aws_transfer_fini(struct aws_transfer *t);

#endif
