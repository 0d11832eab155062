/* `loadgen import har`: what a browser recorded becomes the session of one user. */
#ifndef IMPORT_HAR_IMPORT_H
#define IMPORT_HAR_IMPORT_H

#include "import_job.h"

import_fn har_import;

#endif
