#include "loadgen_package.h"

#include "err.h"
#include "files.h"
#include "http_fetch.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH_MARK      "#sha256="
#define HEX_DIGITS     "0123456789abcdef"
#define NAME_LETTERS   HEX_DIGITS "ghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._+~-"
#define DEBIAN_PACKAGE "!<arch>\ndebian-binary"

enum { BYTES_MOST = 256 * 1024 * 1024, DOWNLOAD_MS_MOST = 10 * 60 * 1000, URL_BYTES = 2048 };

static bool begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* The last part of a path or URL; one that is no plain word is not worth showing. */
static void set_name(struct loadgen_package *p, const char *given)
{
    const size_t length = strcspn(given, "?#");
    size_t start = length;
    while (start > 0 && given[start - 1] != '/')
        start--;
    snprintf(p->name, sizeof p->name, "%.*s", (int)(length - start), given + start);
    if (!*p->name || strspn(p->name, NAME_LETTERS) != strlen(p->name))
        snprintf(p->name, sizeof p->name, "loadgen.deb");
}

static int set_hash(struct loadgen_package *p, struct err *e)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length;
    if (!EVP_Digest(p->bytes, p->n_bytes, digest, &length, EVP_sha256(), NULL))
        return err_set(e, ERR_FAILED, "cannot compute the SHA-256 of %s", p->name);
    for (unsigned i = 0; i < length && 2 * i + 2 < sizeof p->sha256; i++)
        snprintf(p->sha256 + 2 * (size_t)i, 3, "%02x", digest[i]);
    return 0;
}

static int download(struct loadgen_package *p, const char *url, const char *ca_bundle, struct err *e)
{
    long status;
    const struct http_request request = { .url = url,
                                          .what = p->shown,
                                          .ca_bundle = ca_bundle,
                                          .timeout_ms = DOWNLOAD_MS_MOST,
                                          .follows_redirects = true,
                                          .length_bytes = &p->n_bytes };
    p->bytes = malloc(BYTES_MOST);
    if (!p->bytes)
        return err_set(e, ERR_FAILED, "out of memory for the package");
    if (http_fetch(&request, p->bytes, BYTES_MOST, &status, e) < 0)
        return -1;
    if (status != 200)
        return err_set(e, ERR_FAILED, "%s: the server answers with status %ld", p->shown, status);
    if (p->n_bytes >= BYTES_MOST - 1)
        return err_set(e, ERR_FAILED, "%s is larger than any package of loadgen", p->shown);
    return 0;
}

/* Splits "URL#sha256=HASH". */
static int split(const char *given, char url[static URL_BYTES], const char **hash, struct err *e)
{
    const char *mark = strchr(given, '#');
    const size_t length = mark ? (size_t)(mark - given) : strlen(given);
    *hash = NULL;
    if (length >= URL_BYTES)
        return err_set(e, ERR_INPUT, "the URL given with --package is too long");
    snprintf(url, URL_BYTES, "%.*s", (int)length, given);
    if (mark) {
        *hash = mark + strlen(HASH_MARK);
        if (!begins_with(mark, HASH_MARK) || strspn(*hash, HEX_DIGITS) != 64 || strlen(*hash) != 64)
            return err_set(e, ERR_INPUT,
                           "--package: a URL may end in " HASH_MARK
                           " and 64 digits of 0-9 a-f, and not in another '#...'");
    }
    if (!*hash && begins_with(url, "http://"))
        return err_set(e, ERR_INPUT,
                       "--package: a package that comes without TLS can be altered on the way: add " HASH_MARK
                       "HASH to the URL, or use https://");
    return 0;
}

static int read_url(struct loadgen_package *p, const char *given, const char *ca_bundle, struct err *e)
{
    char url[URL_BYTES];
    const char *hash;
    http_url_shown(given, p->shown);
    if (split(given, url, &hash, e) || download(p, url, ca_bundle, e) || set_hash(p, e))
        return -1;
    if (hash && strcmp(hash, p->sha256) != 0)
        return err_set(e, ERR_FAILED, "%s has the SHA-256 %s, not the one that --package names", p->shown,
                       p->sha256);
    return 0;
}

static int read_file(struct loadgen_package *p, const char *path, struct err *e)
{
    snprintf(p->shown, sizeof p->shown, "%s", path);
    if (files_read(path, BYTES_MOST, &p->bytes, &p->n_bytes, e) || set_hash(p, e))
        return err_prefix(e, "--package");
    return 0;
}

int loadgen_package_read(struct loadgen_package *p, const char *given, const char *ca_bundle, struct err *e)
{
    const bool is_url = begins_with(given, "http://") || begins_with(given, "https://");
    *p = (struct loadgen_package){ 0 };
    set_name(p, given);
    if (is_url ? read_url(p, given, ca_bundle, e) : read_file(p, given, e))
        return -1;
    if (p->n_bytes < strlen(DEBIAN_PACKAGE) || memcmp(p->bytes, DEBIAN_PACKAGE, strlen(DEBIAN_PACKAGE)) != 0)
        return err_set(e, ERR_INPUT, "%s is no Debian package: `make deb` builds loadgen's", p->shown);
    return 0;
}

void loadgen_package_fini(struct loadgen_package *p)
{
    free(p->bytes);
    *p = (struct loadgen_package){ 0 };
}
