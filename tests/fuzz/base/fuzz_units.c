/* Quantities: what is accepted is a finite number, and written in the plainest way it is accepted again as
 * the same number. */
#include "fuzz.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

typedef int parse_fn(const char *text, uint64_t *number);

static void check_whole(parse_fn *parse, const char *text, const char *unit)
{
    uint64_t number = 7;
    uint64_t again;
    char plain[64];
    if (parse(text, &number)) {
        FUZZ_HOLDS(number == 7);
        return;
    }
    snprintf(plain, sizeof plain, "%" PRIu64 "%s", number, unit);
    FUZZ_HOLDS(parse(plain, &again) == 0);
    FUZZ_HOLDS(again == number);
}

static void check_real(int (*parse)(const char *text, double *number), const char *text)
{
    double number = 7;
    double again;
    char plain[64];
    if (parse(text, &number)) {
        FUZZ_HOLDS(number == 7);
        return;
    }
    FUZZ_HOLDS(isfinite(number));
    snprintf(plain, sizeof plain, "%.17g", number);
    FUZZ_HOLDS(parse(plain, &again) == 0);
    FUZZ_HOLDS(again == number);
}

static void check_texts(uint64_t number)
{
    char out[UNITS_TEXT_BYTES];
    double real;
    FUZZ_HOLDS(strlen(units_duration_text(number, out)) < UNITS_TEXT_BYTES && *out);
    FUZZ_HOLDS(strlen(units_count_text(number, out)) < UNITS_TEXT_BYTES && *out);
    FUZZ_HOLDS(strlen(units_bytes_text(number, out)) < UNITS_TEXT_BYTES && *out);
    memcpy(&real, &number, sizeof real);
    FUZZ_HOLDS(strlen(units_number_text(real, out)) < UNITS_TEXT_BYTES && *out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    char text[256];
    uint64_t number = 0;
    const size_t length = length_bytes < sizeof text ? length_bytes : sizeof text - 1;
    memcpy(text, data, length);
    text[length] = '\0';
    check_whole(units_parse_duration_ns, text, "ns");
    check_whole(units_parse_count, text, "");
    check_whole(units_parse_size_bytes, text, "");
    check_real(units_parse_rate_per_s, text);
    check_real(units_parse_real, text);
    memcpy(&number, text, length < sizeof number ? length : sizeof number);
    check_texts(number);
    return 0;
}
