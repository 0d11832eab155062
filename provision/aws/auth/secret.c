#include "secret.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

void secret_wipe(void *data, size_t length_bytes)
{
    if (data)
        explicit_bzero(data, length_bytes);
}

void secret_free(char *text)
{
    if (!text)
        return;
    explicit_bzero(text, strlen(text));
    free(text);
}

char *secret_copy(const char *text, size_t length_bytes)
{
    char *copy = malloc(length_bytes + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, length_bytes);
    copy[length_bytes] = '\0';
    return copy;
}

void secret_harden_process(void)
{
    const struct rlimit none = { 0, 0 };
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
