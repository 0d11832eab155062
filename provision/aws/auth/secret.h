/* Memory that holds credentials: wiped after use, and kept out of core files and debuggers. */
#ifndef PROVISION_AWS_SECRET_H
#define PROVISION_AWS_SECRET_H

#include <stddef.h>

/* Overwrites `length_bytes` at `data`; never optimised away. NULL is fine. */
void secret_wipe(void *data, size_t length_bytes);

/* Wipes and frees a NUL-terminated text from malloc. NULL is fine. */
void secret_free(char *text);

/* Returns an owned copy of `length_bytes` at `text`, NUL-terminated; NULL when memory is out. Free with
 * secret_free. */
char *secret_copy(const char *text, size_t length_bytes);

/* Forbids core files, and debuggers of the same user (PR_SET_DUMPABLE). Call before reading any credential.
 */
void secret_harden_process(void);

#endif
