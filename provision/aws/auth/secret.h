/* Memory that holds credentials: wiped when it is done with, and kept out of core files and other people's
 * debuggers. */
#ifndef PROVISION_AWS_SECRET_H
#define PROVISION_AWS_SECRET_H

#include <stddef.h>

/* Overwrites `length_bytes` at `data` in a way that the compiler keeps. NULL is fine. */
void secret_wipe(void *data, size_t length_bytes);

/* Wipes and frees a NUL-terminated text of malloc's. NULL is fine. */
void secret_free(char *text);

/* Returns an owned copy of `length_bytes` at `text` with a NUL behind it; NULL when memory is out. Free with
 * secret_free. */
char *secret_copy(const char *text, size_t length_bytes);

/* Forbids core files of this process and attaching to it by others of the same user (PR_SET_DUMPABLE). Call
 * before any credential is read. */
void secret_harden_process(void);

#endif
