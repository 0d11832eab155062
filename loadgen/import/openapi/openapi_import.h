/* `loadgen import openapi`: every operation of an API becomes a step. */
#ifndef IMPORT_OPENAPI_IMPORT_H
#define IMPORT_OPENAPI_IMPORT_H

#include "import_job.h"

import_fn openapi_import;

#endif
