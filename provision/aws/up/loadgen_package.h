/* loadgen's Debian package, which `up` installs on the generator: a file, or a URL that may end in
 * "#sha256=HASH". */
#ifndef PROVISION_LOADGEN_PACKAGE_H
#define PROVISION_LOADGEN_PACKAGE_H

#include "http_url.h"

#include <stddef.h>

struct err;

enum { LOADGEN_PACKAGE_NAME_BYTES = 128, LOADGEN_PACKAGE_HASH_BYTES = 65 };

struct loadgen_package {
    char name[LOADGEN_PACKAGE_NAME_BYTES];   /* "loadgen_1.0_amd64.deb" */
    char shown[HTTP_URL_SHOWN_BYTES];        /* the file or URL, as messages name it */
    char sha256[LOADGEN_PACKAGE_HASH_BYTES]; /* of the bytes, in lowercase hexadecimal */
    char *bytes;                             /* owned */
    size_t n_bytes;
};

/* Reads or downloads it. Refuses what is no Debian package, what has another hash than the URL says, and a
 * URL without TLS that says none. `ca_bundle`: certificates to trust, NULL or "": the system's. */
int loadgen_package_read(struct loadgen_package *p, const char *given, const char *ca_bundle, struct err *e);
void loadgen_package_fini(struct loadgen_package *p);

#endif
