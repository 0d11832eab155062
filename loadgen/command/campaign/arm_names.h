/* Names for two URLs that are compared, from what differs between them: their hosts, ports, paths or, where
 * the paths are one, queries. */
#ifndef COMMAND_ARM_NAMES_H
#define COMMAND_ARM_NAMES_H

#include "plan.h"

#include <stdbool.h>

/* Two different names of 1 to 32 characters of A-Z a-z 0-9 _ -: http://localhost:8080/ and
 * http://localhost:8081/ are "port-8080" and "port-8081". The URLs have a scheme. False, without names, where
 * both lead to the same place, such as http://h and http://H:80/. */
bool arm_names(const char *const urls[2], char names[2][PLAN_NAME_BYTES]);

#endif
