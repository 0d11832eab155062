/* Versions of the libraries that shape the results. */
#ifndef ENGINE_LIBRARIES_H
#define ENGINE_LIBRARIES_H

#include "recorder.h"

enum { LIBRARIES_ROWS = 5 };

/* Fills in the loaded versions; the last row has no name. Returns `out`. */
const struct recorder_library *libraries_in_use(struct recorder_library out[LIBRARIES_ROWS]);

#endif
