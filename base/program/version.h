/* What a program is made of, for `--version` and run.json: a bug report begins with it. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#include <stdio.h>

struct program;

/* What the program was built from. Texts are "" where unknown. */
struct build {
    const char *commit; /* with "+" when the sources had changed since */
    const char *compiler;
    const char *kind; /* such as "Release" */
};

struct build_library {
    const char *name;
    const char *version; /* of the library that is loaded */
};

/* `loadgen 0.1.0` on the first line; then the commit, the compiler, the libraries and the license. */
void version_print(const struct program *program, FILE *out);

#endif
