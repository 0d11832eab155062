/* Names of headers, cookies, parameters, fields and variables whose values may be secret and are therefore
 * never shown. */
#ifndef PLAN_SECRET_NAME_H
#define PLAN_SECRET_NAME_H

#include <stdbool.h>
#include <stddef.h>

bool secret_name_matches(const char *name, size_t length);

#endif
