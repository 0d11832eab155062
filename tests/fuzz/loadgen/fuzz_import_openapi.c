/* Descriptions of APIs. */
#include "imported.h"
#include "openapi_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    imported_run("openapi", openapi_import, data, length_bytes);
    return 0;
}
