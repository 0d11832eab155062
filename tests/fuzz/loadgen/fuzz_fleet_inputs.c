/* The message with the inputs of a fleet: what is accepted is packed to the same bytes again. */
#include "err.h"
#include "fleet_inputs.h"
#include "fuzz.h"

#include <string.h>

/* A text that ends early, at a NUL, is packed shorter. */
static int has_early_end(const uint8_t *data, size_t n_bytes, size_t n_again)
{
    return n_again < n_bytes && memchr(data, 0, n_bytes) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    struct fleet_inputs in = { 0 };
    struct err e = { ERR_NONE, "" };
    unsigned char *again;
    size_t n;
    if (fleet_inputs_unpack(&in, data, length_bytes, &e))
        fuzz_sentence(e.text);
    else {
        FUZZ_HOLDS(fleet_inputs_pack(&in, &again, &n, &e) == 0);
        FUZZ_HOLDS(has_early_end(data, length_bytes, n) ||
                   (n == length_bytes && memcmp(again, data, n) == 0));
        free(again);
    }
    fleet_inputs_fini(&in);
    return 0;
}
