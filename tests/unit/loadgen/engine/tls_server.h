/* The other end of a TLS connection: an OpenSSL server on a pair of sockets, with a self-signed certificate
 * made here. Client and server take turns in one thread, and nothing waits. */
#ifndef TEST_TLS_SERVER_H
#define TEST_TLS_SERVER_H

#include "cm.h"
#include "plan.h"
#include "scratch.h"
#include "transport.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#define TLS_NAME    "example.test"
#define TLS_ADDRESS "192.0.2.1"

struct tls_server {
    SSL_CTX *ctx;
    EVP_PKEY *key;
    X509 *certificate;
    char certificate_file[160], key_file[160], both_file[160];
};

/* One connection to it. */
struct tls_pair {
    SSL *ssl; /* the server's side */
    int fd;
    struct sock sock; /* the client's side */
};

static inline void tls_add_names(X509 *certificate)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509_EXTENSION *names =
        X509V3_EXT_conf_nid(NULL, &ctx, NID_subject_alt_name, "DNS:" TLS_NAME ",IP:" TLS_ADDRESS);
    assert_non_null(names);
    assert_int_equal(X509_add_ext(certificate, names, -1), 1);
    X509_EXTENSION_free(names);
}

static inline X509 *tls_make_certificate(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    assert_non_null(certificate);
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"loadgen test", -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_set_pubkey(certificate, key);
    tls_add_names(certificate);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    return certificate;
}

static inline void tls_write_files(struct tls_server *s)
{
    snprintf(s->certificate_file, sizeof s->certificate_file, "%s/certificate.pem", scratch_folder);
    snprintf(s->key_file, sizeof s->key_file, "%s/key.pem", scratch_folder);
    snprintf(s->both_file, sizeof s->both_file, "%s/both.pem", scratch_folder);
    const struct {
        const char *path;
        bool has_certificate, has_key;
    } files[] = { { s->certificate_file, true, false },
                  { s->key_file, false, true },
                  { s->both_file, true, true } };
    for (size_t i = 0; i < N_OF(files); i++) {
        FILE *f = fopen(files[i].path, "we");
        assert_non_null(f);
        if (files[i].has_certificate)
            assert_int_equal(PEM_write_X509(f, s->certificate), 1);
        if (files[i].has_key)
            assert_int_equal(PEM_write_PrivateKey(f, s->key, NULL, NULL, 0, NULL, NULL), 1);
        assert_int_equal(fclose(f), 0);
    }
}

static inline void tls_server_init(struct tls_server *s)
{
    s->key = EVP_EC_gen("P-256");
    assert_non_null(s->key);
    s->certificate = tls_make_certificate(s->key);
    s->ctx = SSL_CTX_new(TLS_server_method());
    assert_non_null(s->ctx);
    assert_int_equal(SSL_CTX_use_certificate(s->ctx, s->certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(s->ctx, s->key), 1);
    SSL_CTX_set_session_id_context(s->ctx, (const unsigned char *)"t", 1);
    SSL_CTX_set_mode(s->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE);
    tls_write_files(s);
}

static inline void tls_server_fini(struct tls_server *s)
{
    SSL_CTX_free(s->ctx);
    X509_free(s->certificate);
    EVP_PKEY_free(s->key);
}

static inline void tls_pair_init(struct tls_pair *p, struct tls_server *s)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    *p = (struct tls_pair){ .ssl = SSL_new(s->ctx), .fd = ends[1], .sock.fd = ends[0] };
    assert_non_null(p->ssl);
    assert_int_equal(SSL_set_fd(p->ssl, p->fd), 1);
}

/* The server closes without a close_notify. */
static inline void tls_cut(struct tls_pair *p)
{
    if (p->fd >= 0)
        close(p->fd);
    p->fd = -1;
}

static inline void tls_pair_fini(struct tls_pair *p, struct transport *t)
{
    t->stop(t, &p->sock);
    SSL_free(p->ssl);
    close(p->sock.fd);
    tls_cut(p);
}

/* Runs both in turns until the client is done; returns its last result. */
static inline int tls_shake_hands(struct tls_pair *p, struct transport *t)
{
    enum { TURNS_MOST = 100 };
    int said = TRANSPORT_WANT_READ;
    for (int i = 0; i < TURNS_MOST && (said == TRANSPORT_WANT_READ || said == TRANSPORT_WANT_WRITE); i++) {
        said = t->start(t, &p->sock);
        SSL_accept(p->ssl);
    }
    return said;
}

#endif
