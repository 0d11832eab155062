/* Command lines of curl. No file is read: `@` is another letter here. */
#include "curl_import.h"
#include "imported.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    uint8_t *copy = malloc(length_bytes + 1);
    FUZZ_HOLDS(copy != NULL);
    for (size_t i = 0; i < length_bytes; i++)
        copy[i] = data[i] == '@' ? 'a' : data[i];
    imported_run("curl", curl_import, copy, length_bytes);
    free(copy);
    return 0;
}
