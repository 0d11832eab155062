/* `loadgen import postman`: a collection, in its order, becomes the session of one user. */
#ifndef IMPORT_POSTMAN_IMPORT_H
#define IMPORT_POSTMAN_IMPORT_H

#include "import_job.h"

import_fn postman_import;

#endif
