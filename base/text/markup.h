/* The characters that mean something in XML and HTML. */
#ifndef BASE_MARKUP_H
#define BASE_MARKUP_H

#include <stdint.h>

/* What stands for the character in text and in attributes; NULL: it stands for itself. */
const char *markup_reference(uint32_t code);

#endif
