/* `loadgen import curl`: command lines of curl, from files, or as the words of one command. */
#ifndef IMPORT_CURL_IMPORT_H
#define IMPORT_CURL_IMPORT_H

#include "import_job.h"

import_fn curl_import;

#endif
