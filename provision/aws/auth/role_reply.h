/* The JSON by which a container's or an instance's service hands out credentials. */
#ifndef PROVISION_AWS_ROLE_REPLY_H
#define PROVISION_AWS_ROLE_REPLY_H

#include <stddef.h>

struct credentials;
struct err;

/* Reads the reply into `c`, which must be empty; its source is set already and names the role in errors. -1
 * for anything but credentials; the service's own message is quoted, and nothing else of the text. */
int role_reply_read(const char *text, size_t length_bytes, struct credentials *c, struct err *e);

#endif
