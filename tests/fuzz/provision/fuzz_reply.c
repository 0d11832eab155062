/* Request targets: any target gives a valid answer and a complete message.
 */
#include "fuzz.h"
#include "reply.h"
#include "reply_message.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    struct reply_message m;
    const struct reply a = reply_choose("/cluster1", (const char *)data, length_bytes);
    FUZZ_HOLDS(a.status >= 200 && a.status <= 599);
    FUZZ_HOLDS(a.end <= REPLY_BROKEN && a.page <= REPLY_BAD_QUERY);
    if (a.length_bytes > 100000)
        return 0; /* slow, and no other code */
    FUZZ_HOLDS(reply_message_init(&m, &a, "i-0123456789abcdef0", "X-Delay-Us: 1\r\n", true) == 0);
    FUZZ_HOLDS(m.half <= m.length);
    FUZZ_HOLDS(m.length > 4 && memmem(m.data, m.length, "\r\n\r\n", 4) != NULL);
    reply_message_fini(&m);
    return 0;
}
