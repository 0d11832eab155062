/* Fills the live display from the recorder's state. */
#ifndef RECORD_RECORDER_PROGRESS_H
#define RECORD_RECORDER_PROGRESS_H

#include "run_view.h"

#include <stdint.h>

struct recorder;
struct second;

/* -1 when memory is short. */
int recorder_progress_init(struct recorder *r);
/* Takes in a second that lasted `length_ns`. */
void recorder_progress_add(struct recorder *r, const struct second *second, uint64_t length_ns);
/* See run_view_course. */
struct progress_course recorder_progress_course(const struct recorder *r, size_t stream, uint64_t now_ns);
void recorder_progress_show(struct recorder *r, uint64_t now_ns);

#endif
