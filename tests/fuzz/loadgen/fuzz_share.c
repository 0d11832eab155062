/* --shard and --start-at: the first byte chooses which. What is accepted is a share of the plan, or a moment
 * that fits; what is refused is refused in words that a terminal can show. */
#include "err.h"
#include "fuzz.h"
#include "share.h"
#include "start_at.h"

#include <string.h>

static void try_share(const char *text, struct err *e)
{
    struct share s;
    struct share again;
    const char *source = NULL;
    char shown[SHARE_TEXT_BYTES];
    if (share_parse(&s, &source, text, e)) {
        FUZZ_HOLDS(*e->text != '\0');
        return;
    }
    FUZZ_HOLDS(s.count >= 1 && s.count <= SHARE_COUNT_MOST && s.index < s.count);
    FUZZ_HOLDS(share_parse(&again, &source, share_text(&s, shown), e) == 0);
    FUZZ_HOLDS(again.index == s.index && again.count == s.count);
}

static void try_start(const char *text, struct err *e)
{
    uint64_t ns = 0;
    if (start_at_parse(&ns, text, e))
        FUZZ_HOLDS(*e->text != '\0');
    else
        FUZZ_HOLDS(ns > 0 && ns < UINT64_MAX / 2);
    for (const char *p = text; ns > 0 && *p; p++) /* it is shown as it was given */
        FUZZ_HOLDS(strchr("0123456789-:+.TZ", *p) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    char text[256];
    struct err e = { ERR_NONE, "" };
    if (length_bytes == 0)
        return 0;
    const size_t length = length_bytes - 1 < sizeof text ? length_bytes - 1 : sizeof text - 1;
    memcpy(text, data + 1, length);
    text[length] = '\0';
    (data[0] % 2 ? try_start : try_share)(text, &e);
    return 0;
}
