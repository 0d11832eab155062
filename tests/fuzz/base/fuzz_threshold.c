/* Thresholds and tags: what is accepted keeps its promises, and a tag is written again as it was read. */
#include "err.h"
#include "fuzz.h"
#include "tags.h"
#include "threshold.h"
#include "units.h"

#include <math.h>
#include <string.h>

static void check_threshold(const char *text)
{
    struct threshold t;
    struct err e = { ERR_NONE, "" };
    char value[UNITS_TEXT_BYTES];
    if (threshold_parse(&t, text, &e)) {
        FUZZ_HOLDS(*e.text != '\0');
        return;
    }
    FUZZ_HOLDS(isfinite(t.limit) && t.limit >= 0 && strcmp(t.text, text) == 0);
    FUZZ_HOLDS(t.metric != THRESHOLD_PERCENTILE || (t.p_ppm > 0 && t.p_ppm <= 1000000));
    FUZZ_HOLDS(!*t.scope || tags_is_name(t.scope));
    FUZZ_HOLDS(threshold_holds(&t, t.limit) == t.or_equal);
    FUZZ_HOLDS(*threshold_value_text(threshold_unit(&t), t.limit, value));
    free(t.text);
}

static void check_tag(const char *text)
{
    struct tag tag;
    struct err e = { ERR_NONE, "" };
    char again[TAGS_TEXT_BYTES];
    if (tags_parse(text, &tag, &e))
        FUZZ_HOLDS(*e.text != '\0');
    else
        FUZZ_HOLDS(strcmp(tags_format(&tag, again), text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    char text[512];
    const size_t length = length_bytes < sizeof text ? length_bytes : sizeof text - 1;
    memcpy(text, data, length);
    text[length] = '\0';
    check_threshold(text);
    check_tag(text);
    return 0;
}
