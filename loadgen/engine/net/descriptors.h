/* The limit of open files, checked and raised before anything is sent. */
#ifndef ENGINE_DESCRIPTORS_H
#define ENGINE_DESCRIPTORS_H

#include <stdint.h>

struct err;
struct plan;

/* Raises the soft limit as far as needed. -1 with an error that suggests a remedy when the hard limit is too
 * low for the plan's connections. */
int descriptors_raise(const struct plan *plan, struct err *e);
/* How many of `n` connections may have a second one beside them (mux_heir.c): all, or as large a part as the
 * limit leaves room for. */
uint32_t descriptors_n_heirs(const struct plan *plan, uint32_t n);

#endif
