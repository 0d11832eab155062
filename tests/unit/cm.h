/* cmocka wants these four in front of it. */
#ifndef UNIT_CM_H
#define UNIT_CM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define N_OF(array) (sizeof(array) / sizeof *(array))

#endif
