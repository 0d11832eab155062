/* Versions of the libraries that shape the results. */
#ifndef ENGINE_LIBRARIES_H
#define ENGINE_LIBRARIES_H

#include "version.h"

enum { LIBRARIES_ROWS = 8 };

/* Fills in the loaded versions; the last row has no name. Returns `out`. */
const struct build_library *libraries_in_use(struct build_library out[LIBRARIES_ROWS]);

#endif
