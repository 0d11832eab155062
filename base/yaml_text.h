/* What is checked of a YAML file before libfyaml sees it: UTF-8 without control characters but tab and line
 * ends, and no directives (lines that begin with `%`), which no file of ours needs. libfyaml 0.7 takes a bad
 * byte for the end of the file, and may hang in a directive. */
#ifndef BASE_YAML_TEXT_H
#define BASE_YAML_TEXT_H

#include <stddef.h>

struct err;

/* -1 and a sentence that names `path`, the line and what is wrong with it. */
int yaml_text_check(const char *path, const char *text, size_t text_bytes, struct err *e);

#endif
