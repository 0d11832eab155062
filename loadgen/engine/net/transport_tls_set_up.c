#include "transport_tls_parts.h"

#include "err.h"
#include "input_files.h"
#include "plan.h"

#include <limits.h>
#include <openssl/err.h>
#include <string.h>

enum {
    /* OpenSSL's buffers take 34 kB per connection. Releasing them after each record costs 4 % of a request
     * and pays off with many connections. */
    CONNECTIONS_WITH_BUFFERS_MOST = 1024,
};

/* A system error comes first in the queue and is the better cause. */
static int tls_refused(const char *what, const char *file, struct err *e)
{
    const char *last = NULL;
    unsigned long error;
    while ((error = ERR_get_error()) != 0) {
        last = ERR_SYSTEM_ERROR(error) ? transport_errno_text(ERR_GET_REASON(error))
                                       : ERR_reason_error_string(error);
        if (ERR_SYSTEM_ERROR(error))
            break;
    }
    ERR_clear_error();
    return err_set(e, ERR_INPUT, "cannot use the %s %s: %s", what, file, last ? last : "not readable");
}

static int load_verify_file(SSL_CTX *ctx, const char *path)
{
    return SSL_CTX_load_verify_file(ctx, path);
}

static int use_key(SSL_CTX *ctx, const char *path)
{
    return SSL_CTX_use_PrivateKey_file(ctx, path, SSL_FILETYPE_PEM) == 1 ? SSL_CTX_check_private_key(ctx) : 0;
}

/* Lets OpenSSL read a file; NULL: there is none. */
static int load_file(SSL_CTX *ctx, const struct plan_tls *options, const char *what, const char *file,
                     int (*load)(SSL_CTX *ctx, const char *path), struct err *e)
{
    char path[PATH_MAX];
    if (!file)
        return 0;
    if (input_files_path(options->inputs, file, path, e))
        return -1;
    return load(ctx, path) == 1 ? 0 : tls_refused(what, file, e);
}

static int load_files(SSL_CTX *ctx, const struct plan_tls *options, struct err *e)
{
    const char *key_file = options->key_file ? options->key_file : options->cert_file;
    if (!options->ca_file && options->verify && SSL_CTX_set_default_verify_paths(ctx) != 1)
        return err_set(e, ERR_FAILED,
                       "cannot load the system's certificate authorities; name a file with --cacert");
    return load_file(ctx, options, "CA file", options->ca_file, load_verify_file, e) ||
                   load_file(ctx, options, "client certificate", options->cert_file,
                             SSL_CTX_use_certificate_chain_file, e) ||
                   load_file(ctx, options, "client key", key_file, use_key, e)
               ? -1
               : 0;
}

/* "h1,h2" to OpenSSL's length-prefixed form. */
static int set_alpn(SSL_CTX *ctx, const char *names, struct err *e)
{
    unsigned char list[256];
    size_t used = 0;
    while (*names) {
        const size_t length = strcspn(names, ",");
        if (length == 0 || used + length + 1 > sizeof list)
            return err_set(e, ERR_INPUT, "the ALPN names must be a comma-separated list such as http/1.1");
        list[used++] = (unsigned char)length;
        memcpy(list + used, names, length);
        used += length;
        names += length + (names[length] == ',');
    }
    if (SSL_CTX_set_alpn_protos(ctx, list, (unsigned)used) != 0)
        return err_set(e, ERR_INPUT, "OpenSSL refuses the ALPN names");
    return 0;
}

int transport_tls_set_up(struct tls *tls, const struct plan_tls *options, uint64_t n_connections,
                         struct err *e)
{
    SSL_CTX *ctx = tls->ctx;
    SSL_CTX_set_app_data(ctx, tls);
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (n_connections > CONNECTIONS_WITH_BUFFERS_MOST)
        SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(ctx, 1); /* a record's header and body in one read */
    SSL_CTX_set_verify(ctx, options->verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_session_cache_mode(ctx, options->resume ? SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL
                                                        : SSL_SESS_CACHE_OFF);
    if (!options->resume)
        SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
    if (options->min_version)
        SSL_CTX_set_min_proto_version(ctx, options->min_version == 13 ? TLS1_3_VERSION : TLS1_2_VERSION);
    if (set_alpn(ctx, tls->wants_h2 ? "h2" : options->alpn ? options->alpn : "http/1.1", e))
        return -1;
    return load_files(ctx, options, e);
}
