/* What curl would send for a command: the step of a draft. */
#ifndef IMPORT_CURL_STEP_H
#define IMPORT_CURL_STEP_H

#include "curl_command.h"

/* Adds a step for each URL of the command, to the stream of the URL's origin. */
int curl_step_add(const struct curl_command *c, struct err *e);

#endif
