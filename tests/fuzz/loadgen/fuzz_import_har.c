/* Recordings of browsers. */
#include "har_import.h"
#include "imported.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    imported_run("har", har_import, data, length_bytes);
    return 0;
}
