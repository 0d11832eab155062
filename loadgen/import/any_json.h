/* A JSON or YAML document of any size and shape, as people write API descriptions, as a JSON tree. The
 * toolkit's own files have stricter rules (yaml_tree.h). */
#ifndef IMPORT_ANY_JSON_H
#define IMPORT_ANY_JSON_H

#include <jansson.h>
#include <stddef.h>

struct err;

/* The tree, which the caller owns; NULL and a sentence with the line. Anchors are followed as long as the
 * whole has at most a million nodes; tags are ignored. */
json_t *any_json_parse(const char *name, const char *text, size_t length_bytes, struct err *e);

#endif
