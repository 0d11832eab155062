/* Bodies as curl's command line puts them together: -d and its relatives, joined by &. */
#ifndef IMPORT_CURL_DATA_H
#define IMPORT_CURL_DATA_H

#include "curl_command.h"
#include "curl_options.h"

/* 1: the option is none of these. */
int curl_data_apply(struct curl_command *c, enum curl_option option, const char *value, struct err *e);
/* A piece as --data-urlencode reads it (`content`, `=content`, `name=content`, `@file`, `name@file`),
 * encoded. */
const char *curl_data_encoded(struct curl_command *c, const char *value, struct err *e);

#endif
