/* The member `http2` of a stream's totals in run.json: what the stream counted of HTTP/2. */
#ifndef HTTP2_JSON_H
#define HTTP2_JSON_H

#include "http2_counts.h"

#include <jansson.h>

/* An owned object; NULL when memory is short. */
json_t *http2_json(const struct http2_counts *counts);

/* Reads it back. What is missing or of another type counts as 0. */
struct http2_counts http2_json_read(const json_t *http2);

#endif
