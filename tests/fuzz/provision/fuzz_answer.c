/* Request targets: any target gives a valid answer and a complete message.
 */
#include "answer.h"
#include "answer_message.h"
#include "fuzz.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    struct answer_message m;
    const struct answer a = answer_choose("/cluster1", (const char *)data, length_bytes);
    FUZZ_HOLDS(a.status >= 200 && a.status <= 599);
    FUZZ_HOLDS(a.end <= ANSWER_BROKEN && a.page <= ANSWER_BAD_QUERY);
    if (a.length_bytes > 100000)
        return 0; /* slow, and no other code */
    FUZZ_HOLDS(answer_message_init(&m, &a, "i-0123456789abcdef0", "X-Delay-Us: 1\r\n", true) == 0);
    FUZZ_HOLDS(m.half <= m.length);
    FUZZ_HOLDS(m.length > 4 && memmem(m.data, m.length, "\r\n\r\n", 4) != NULL);
    answer_message_fini(&m);
    return 0;
}
