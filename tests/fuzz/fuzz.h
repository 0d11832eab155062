/* What every fuzz target has: one function that eats any bytes and aborts when an invariant does not hold. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Always returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes);

#define FUZZ_PATH_BYTES 64

/* Makes an anonymous file in memory of the bytes, for code that wants a path. Returns its descriptor, which
 * the caller closes. */
int fuzz_file(const uint8_t *data, size_t length_bytes, char path[FUZZ_PATH_BYTES]);

/* Takes the bytes for several files, each behind a line `=== NAME`, and puts those of `names`
 * (NULL-terminated) into a folder that is otherwise empty. Returns its path: one folder for all inputs,
 * removed at the end. */
const char *fuzz_folder(const uint8_t *data, size_t length_bytes, const char *const *names);

/* A sentence of an error: there is one, and nothing in it but text, line ends and tabs. */
void fuzz_sentence(const char *text);

#define FUZZ_HOLDS(condition) fuzz_holds((condition), #condition, __FILE__, __LINE__)

static inline void fuzz_holds(int holds, const char *condition, const char *file, int line)
{
    if (holds)
        return;
    fprintf(stderr, "%s:%d: %s does not hold\n", file, line, condition);
    abort();
}

#endif
