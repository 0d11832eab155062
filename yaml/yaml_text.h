/* What is checked of a YAML file before it is parsed: UTF-8 whose lines end in \n or \r (and not in the rarer
 * line ends of YAML 1.1, which no editor shows as such), without other control characters than tab, and no
 * directives (lines that begin with `%`), which no file of ours needs. */
#ifndef YAML_YAML_TEXT_H
#define YAML_YAML_TEXT_H

#include <stddef.h>

struct err;

/* `text` is NUL-terminated. -1 and a sentence that names `path`, the line and what is wrong with it. */
int yaml_text_check(const char *path, const char *text, size_t text_bytes, struct err *e);

#endif
