/* Base64 with padding (RFC 4648, section 4). */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* Length of the text of n bytes. */
static inline size_t base64_text_bytes(size_t n)
{
    return (n + 2) / 3 * 4;
}

/* Writes base64_text_bytes(n) characters to `out`, without a NUL. */
void base64_encode(const uint8_t *in, size_t n, char *out);

/* Writes at most n / 4 * 3 bytes to `out` and stores how many in `*out_bytes`; -1 when the text is not
 * Base64: another character, a length that is no multiple of 4, padding elsewhere than at the end. */
int base64_decode(const char *in, size_t n, uint8_t *out, size_t *out_bytes);

#endif
