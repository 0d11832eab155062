/* One request of a curl command line: its options, not yet what they make of each other. Texts are templates.
 */
#ifndef IMPORT_CURL_COMMAND_H
#define IMPORT_CURL_COMMAND_H

#include "draft.h"

struct err;

struct curl_texts {
    const char **items;
    size_t n;
};

struct curl_command {
    struct draft *draft; /* borrowed: memory, notes, how to connect */
    const char *place;   /* "shop.sh:3", for notes and mistakes */
    struct curl_texts urls, headers, queries;
    const char *method, *agent, *referer, *cookie, *user, *bearer, *range,
        *request_target; /* NULL: not given */
    const char *data;    /* of all -d and the like; NULL: none */
    const char *bytes;   /* what cannot be a template, of the one file that was given; NULL: none */
    size_t n_bytes;
    uint64_t timeout_ns, connect_timeout_ns; /* 0: not given */
    enum plan_http http;
    const char *http_option; /* that asked for it; NULL: none */
    unsigned redirects_most;
    bool is_get, is_head, is_json, is_compressed, follows, keeps_dots, is_glob_off, has_jar;
};

/* Reads the words from `*at` on, up to the end or behind `--next`. -1 and a sentence with the place. */
int curl_command_read(struct curl_command *c, struct draft *d, const char *place, const char *const *words,
                      size_t n_words, size_t *at, struct err *e);

#endif
