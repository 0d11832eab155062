#include "transport_tls_parts.h"

#include "err.h"
#include "plan.h"
#include "transport_bio.h"
#include "transport_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

static const char no_h2[] = "the server did not choose h2";

static struct tls *tls_of(const SSL *ssl)
{
    return SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
}

/* Why the certificate was refused, and the option that helps; a constant string. */
static const char *refusal_text(long result)
{
    switch (result) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return "self-signed certificate: --cacert FILE trusts it, -k any";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return "certificate of an unknown authority: --cacert FILE trusts it, -k any";
    default:
        return X509_verify_cert_error_string(result);
    }
}

/* OpenSSL's last error, a constant string. The result of verification counts only if verification failed; it
 * is set even when unused. */
static const char *failure_text(const struct sock *sock)
{
    const unsigned long error = ERR_peek_last_error();
    const int reason = ERR_GET_REASON(error);
    if (ERR_GET_LIB(error) == ERR_LIB_SSL && reason == SSL_R_CERTIFICATE_VERIFY_FAILED && sock->session)
        return refusal_text(SSL_get_verify_result(sock->session));
    if (ERR_GET_LIB(error) == ERR_LIB_SSL && reason == SSL_R_WRONG_VERSION_NUMBER)
        return "wrong version number: the answer is not TLS; does this port want http?";
    if (ERR_GET_LIB(error) == ERR_LIB_SSL && reason == SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL &&
        sock->session && tls_of(sock->session)->wants_h2)
        return no_h2;
    const char *text = ERR_reason_error_string(error);
    return text ? text : "connection closed during the TLS handshake";
}

/* Whether it is an alert by which the server refuses the client's certificate. In TLS 1.3 it arrives after
 * the client's handshake is over. */
static bool is_refused_certificate(unsigned long error)
{
    static const int alerts[] = {
        SSL_AD_HANDSHAKE_FAILURE,   SSL_AD_BAD_CERTIFICATE,     SSL_AD_UNSUPPORTED_CERTIFICATE,
        SSL_AD_CERTIFICATE_REVOKED, SSL_AD_CERTIFICATE_EXPIRED, SSL_AD_CERTIFICATE_UNKNOWN,
        SSL_AD_UNKNOWN_CA,          SSL_AD_ACCESS_DENIED,       SSL_AD_DECRYPT_ERROR,
        SSL_AD_CERTIFICATE_REQUIRED
    };
    if (ERR_GET_LIB(error) != ERR_LIB_SSL)
        return false;
    for (size_t i = 0; i < sizeof alerts / sizeof *alerts; i++)
        if (ERR_GET_REASON(error) == SSL_AD_REASON_OFFSET + alerts[i])
            return true;
    return false;
}

static int classify(struct sock *sock, int returned, int failed_as)
{
    const int system_error = errno;
    switch (SSL_get_error(sock->session, returned)) {
    case SSL_ERROR_WANT_READ:
        return TRANSPORT_WANT_READ;
    case SSL_ERROR_WANT_WRITE:
        return TRANSPORT_WANT_WRITE;
    case SSL_ERROR_ZERO_RETURN:
        return failed_as == TRANSPORT_TLS_FAILED ? TRANSPORT_TLS_FAILED : TRANSPORT_END;
    case SSL_ERROR_SYSCALL:
        if (ERR_peek_error() == 0 && system_error != 0) {
            sock->cause = transport_errno_text(system_error);
            return failed_as == TRANSPORT_TLS_FAILED ? TRANSPORT_TLS_FAILED : TRANSPORT_FAILED;
        }
        break;
    default:
        break;
    }
    if (failed_as == TRANSPORT_FAILED &&
        ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        /* Anyone on the path may have cut it off: not an orderly end (RFC 9112 section 9.8). */
        sock->cause = "connection closed without TLS's close_notify";
        return TRANSPORT_FAILED;
    }
    sock->cause = failure_text(sock);
    return is_refused_certificate(ERR_peek_last_error()) ? TRANSPORT_TLS_FAILED : failed_as;
}

/* SSL_get_error(3) requires an empty error queue before each call: it is cleared after every error. */
static int result_of(struct sock *sock, int returned, int failed_as)
{
    const int result = classify(sock, returned, failed_as);
    ERR_clear_error();
    return result;
}

static SSL_SESSION **session_at(struct tls *tls, size_t i)
{
    return &tls->sessions[(tls->oldest + i) % TRANSPORT_TLS_SESSIONS_MOST];
}

/* OpenSSL passes on each new session, which is kept. Beyond the limit the oldest is dropped. */
static int on_session(SSL *ssl, SSL_SESSION *session)
{
    struct tls *tls = tls_of(ssl);
    if (tls->n_sessions == TRANSPORT_TLS_SESSIONS_MOST) {
        SSL_SESSION_free(*session_at(tls, 0));
        tls->oldest = (tls->oldest + 1) % TRANSPORT_TLS_SESSIONS_MOST;
        tls->n_sessions--;
    }
    *session_at(tls, tls->n_sessions++) = session;
    return 1;
}

/* Offers the newest session; one of TLS 1.2 can be offered again. */
static void offer_session(SSL *ssl, struct tls *tls)
{
    if (tls->n_sessions == 0)
        return;
    SSL_SESSION *newest = *session_at(tls, tls->n_sessions - 1);
    SSL_set_session(ssl, newest);
    if (SSL_SESSION_get_protocol_version(newest) >= TLS1_3_VERSION) {
        SSL_SESSION_free(newest);
        tls->n_sessions--;
    }
}

static int new_session(struct sock *sock, struct tls *tls)
{
    SSL *ssl = SSL_new(tls->ctx);
    if (!ssl)
        return -1;
    sock->session = ssl;
    SSL_set_connect_state(ssl);
    BIO *bio = transport_bio_new(tls->bio_method, sock);
    if (!bio)
        return -1;
    SSL_set_bio(ssl, bio, bio);
    transport_socket_start(sock);
    if (!tls->name_is_address)
        SSL_set_tlsext_host_name(ssl, tls->server_name);
    if (tls->verifies && tls->name_is_address)
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), tls->server_name);
    else if (tls->verifies)
        SSL_set1_host(ssl, tls->server_name);
    if (tls->resumes)
        offer_session(ssl, tls);
    return 0;
}

/* A server that knows no ALPN, or chooses HTTP/1.1, would take the frames for a broken request. */
static bool has_chosen_h2(const SSL *ssl)
{
    const unsigned char *name;
    unsigned length;
    SSL_get0_alpn_selected(ssl, &name, &length);
    return length == 2 && memcmp(name, "h2", 2) == 0;
}

static int tls_start(struct transport *t, struct sock *sock)
{
    ERR_clear_error();
    errno = 0;
    if (!sock->session && new_session(sock, t->context)) {
        sock->cause = "no memory for a TLS session";
        return TRANSPORT_TLS_FAILED;
    }
    const int returned = SSL_connect(sock->session);
    if (returned != 1)
        return result_of(sock, returned, TRANSPORT_TLS_FAILED);
    if (!tls_of(sock->session)->wants_h2 || has_chosen_h2(sock->session))
        return 1;
    sock->cause = no_h2;
    return TRANSPORT_TLS_FAILED;
}

static ssize_t tls_read(struct sock *sock, char *data, size_t most_bytes)
{
    size_t n = 0;
    errno = 0;
    const int returned = SSL_read_ex(sock->session, data, most_bytes, &n);
    return returned == 1 ? (ssize_t)n : result_of(sock, returned, TRANSPORT_FAILED);
}

static ssize_t tls_write(struct sock *sock, const char *data, size_t length_bytes)
{
    size_t n = 0;
    errno = 0;
    const int returned = SSL_write_ex(sock->session, data, length_bytes, &n);
    return returned == 1 ? (ssize_t)n : result_of(sock, returned, TRANSPORT_FAILED);
}

static void tls_stop(struct transport *t, struct sock *sock)
{
    (void)t;
    /* No close_notify: the run measures requests, and the descriptor is closed next. */
    if (sock->session)
        SSL_set_shutdown(sock->session, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(sock->session);
    sock->session = NULL;
}

static bool tls_has_pending(const struct sock *sock)
{
    return SSL_has_pending(sock->session) == 1;
}

static void tls_free(struct tls *tls)
{
    if (!tls)
        return;
    SSL_CTX_free(tls->ctx);
    BIO_meth_free(tls->bio_method);
    for (size_t i = 0; i < tls->n_sessions; i++)
        SSL_SESSION_free(*session_at(tls, i));
    free(tls->server_name);
    free(tls);
}

/* In TLS a name has no final dot (RFC 6066 section 3), and the zone of an address is local. */
static void drop_local_part(char *name)
{
    name[strcspn(name, "%")] = '\0';
    const size_t length = strlen(name);
    if (length > 1 && name[length - 1] == '.')
        name[length - 1] = '\0';
}

int transport_tls(struct transport *t, const struct plan_target *target, uint64_t n_connections,
                  struct err *e)
{
    const struct plan_tls *options = &target->tls_options;
    struct tls *tls = calloc(1, sizeof *tls);
    unsigned char address[16];

    if (tls) {
        tls->ctx = SSL_CTX_new(TLS_client_method());
        tls->bio_method = transport_bio_method();
        tls->server_name = strdup(options->server_name ? options->server_name : target->host);
    }
    if (!tls || !tls->ctx || !tls->bio_method || !tls->server_name) {
        tls_free(tls);
        return err_set(e, ERR_FAILED, "out of memory while setting up TLS");
    }
    drop_local_part(tls->server_name);
    tls->name_is_address = inet_pton(AF_INET, tls->server_name, address) == 1 ||
                           inet_pton(AF_INET6, tls->server_name, address) == 1;
    tls->verifies = options->verify;
    tls->resumes = options->resume;
    tls->wants_h2 = target->http == PLAN_HTTP_2;
    if (transport_tls_set_up(tls, options, n_connections, e)) {
        tls_free(tls);
        return -1;
    }
    if (options->resume)
        SSL_CTX_sess_set_new_cb(tls->ctx, on_session);
    *t = (struct transport){ .start = tls_start,
                             .read = tls_read,
                             .write = tls_write,
                             .stop = tls_stop,
                             .has_pending = tls_has_pending,
                             .context = tls,
                             .has_handshake = true };
    return 0;
}

void transport_fini(struct transport *t)
{
    tls_free(t->context);
    *t = (struct transport){ 0 };
}
