/* Instance ids as received, one a line, taken by two threads in turn and merged: equal texts have equal
 * numbers, and what a number stands for fits into a tag. */
#include "fuzz.h"
#include "names.h"

#include <string.h>

enum { CAPACITY = 64, THREADS = 2 };

static void check_text(const char *text)
{
    FUZZ_HOLDS(*text != '\0' && strlen(text) < NAMES_TEXT_BYTES);
    for (; *text; text++)
        FUZZ_HOLDS(*text > ' ' && *text < 127 && !strchr(",\"", *text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    struct names own[THREADS];
    struct names run;
    struct names_map maps[THREADS];
    const char *at = (const char *)data;
    const char *end = at + length_bytes;
    FUZZ_HOLDS(names_init(&run, CAPACITY) == 0);
    for (int i = 0; i < THREADS; i++)
        FUZZ_HOLDS(names_init(&own[i], CAPACITY) == 0 &&
                   names_map_init(&maps[i], &own[i], &run, CAPACITY) == 0);
    for (int thread = 0; at < end; thread = (thread + 1) % THREADS) {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        const size_t length = (size_t)((line ? line : end) - at);
        const uint32_t number = names_instance(&own[thread], at, length);
        FUZZ_HOLDS(number == NAMES_NONE || number < own[thread].n);
        FUZZ_HOLDS(names_instance(&own[thread], at, length) == number);
        const uint32_t of_run = names_map_get(&maps[thread], number);
        FUZZ_HOLDS(number != NAMES_NONE || of_run == NAMES_NONE);
        if (of_run != NAMES_NONE) {
            check_text(names_text(&run, of_run));
            FUZZ_HOLDS(strcmp(names_text(&run, of_run), names_text(&own[thread], number)) == 0);
        }
        at += length + 1;
    }
    FUZZ_HOLDS(run.n <= CAPACITY);
    for (int i = 0; i < THREADS; i++) {
        names_map_fini(&maps[i]);
        names_fini(&own[i]);
    }
    names_fini(&run);
    return 0;
}
