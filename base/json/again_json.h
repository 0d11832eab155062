/* The member `sent_again` of totals in run.json: requests that were sent once more, by cause. */
#ifndef AGAIN_JSON_H
#define AGAIN_JSON_H

#include "again.h"

#include <jansson.h>

/* An owned object; NULL when memory is short. */
json_t *again_json(const struct again_counts *counts);

/* Reads it back. What is missing or of another type counts as 0. */
struct again_counts again_json_read(const json_t *again);

#endif
