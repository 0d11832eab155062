/* Puts a thread's stats into the second it belongs to. What finds no memory is counted in the sum's `n_lost`.
 */
#ifndef RECORD_SECOND_FILL_H
#define RECORD_SECOND_FILL_H

#include <stdint.h>

struct stats;
struct name_map;
struct second;

void second_fill(struct second *second, uint32_t thread, const struct stats *stats,
                 struct name_map *instances);

#endif
