/* curl's options for connecting, as keys of the scenario. */
#ifndef IMPORT_CURL_CONNECT_H
#define IMPORT_CURL_CONNECT_H

#include "curl_options.h"
#include "draft.h"

/* 1: the option is none of these. `value` NULL for a flag, which `is` sets or takes back. */
int curl_connect_apply(struct draft *d, const char *place, enum curl_option option, const char *value,
                       bool is, struct err *e);

#endif
