/* Collections of Postman. */
#include "imported.h"
#include "postman_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    imported_run("postman", postman_import, data, length_bytes);
    return 0;
}
