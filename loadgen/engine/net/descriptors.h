/* What this process may use: descriptors. Checked and raised before anything is sent. */
#ifndef ENGINE_DESCRIPTORS_H
#define ENGINE_DESCRIPTORS_H

#include <stdint.h>

struct err;
struct plan;

/* Raises the soft descriptor limit as far as needed and allowed. -1 and a sentence that says what would help
 * when the hard limit is too low for the plan's connections. */
int descriptors_raise(const struct plan *plan, struct err *e);

#endif
