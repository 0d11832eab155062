/* Coded bodies from a server: the first byte is the coding, the second the size of the pieces (0: one).
 * Output stays within its limit, and the verdict does not depend on the pieces. */
#include "buffers.h"
#include "decoder.h"
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

enum { BODY_BYTES_MOST = 100000 };

struct decoded {
    struct buffer out;
    const char *cause;
};

static struct decoded decode(struct decoders *decoders, struct buffers *buffers, enum coding coding,
                             const char *data, size_t length, size_t step)
{
    struct decoded d = { 0 };
    struct decoder *decoder = decoder_take(decoders, coding);
    FUZZ_HOLDS(decoder != NULL);
    for (size_t at = 0; at < length && !d.cause;) {
        const size_t n = step > 0 && step < length - at ? step : length - at;
        char *piece = malloc(n);
        FUZZ_HOLDS(piece != NULL);
        memcpy(piece, data + at, n);
        d.cause = decoder_feed(decoder, piece, n, buffers, &d.out, BODY_BYTES_MOST);
        FUZZ_HOLDS(d.out.n_bytes <= BODY_BYTES_MOST + (d.cause != NULL));
        free(piece);
        at += n;
    }
    if (!d.cause)
        d.cause = decoder_end(decoder);
    decoder_release(decoders, decoder);
    return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    struct buffers buffers = { 0 };
    struct decoders decoders = { 0 };
    if (length_bytes < 2)
        return 0;
    const enum coding coding = CODING_GZIP + data[0] % 3;
    const char *bytes = (const char *)data + 2;
    struct decoded whole = decode(&decoders, &buffers, coding, bytes, length_bytes - 2, 0);
    struct decoded cut = decode(&decoders, &buffers, coding, bytes, length_bytes - 2, data[1]);
    FUZZ_HOLDS(!whole.cause == !cut.cause);
    FUZZ_HOLDS(whole.cause ||
               (whole.out.n_bytes == cut.out.n_bytes &&
                (whole.out.n_bytes == 0 || memcmp(whole.out.bytes, cut.out.bytes, whole.out.n_bytes) == 0)));
    buffer_release(&buffers, &whole.out);
    buffer_release(&buffers, &cut.out);
    buffers_fini(&buffers);
    decoders_fini(&decoders);
    FUZZ_HOLDS(buffers.held_bytes == 0);
    return 0;
}
