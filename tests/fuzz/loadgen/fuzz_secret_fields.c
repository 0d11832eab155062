/* Texts of servers, in which a check looks for secrets: each value that is found lies within the text, behind
 * the one before. */
#include "fuzz.h"
#include "secret_fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    const char *text = (const char *)data;
    const char *from = text;
    struct secret_field f;
    while (secret_fields_next(text, length_bytes, from, &f)) {
        FUZZ_HOLDS(f.value > from || from == text);
        FUZZ_HOLDS(f.n_bytes > 0 && f.value >= text && f.value + f.n_bytes <= text + length_bytes);
        from = f.value + f.n_bytes;
    }
    return 0;
}
