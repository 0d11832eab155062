#include "local_tls.h"

#include "err.h"
#include "files.h"
#include "units.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <stdbool.h>

enum { DAY_S = 86400, SERIAL_BYTES = 16, X509_VERSION_3_VALUE = 2 };

/* A certificate's subject and what it may be used for; NULL ends the extensions. */
struct purpose {
    const char *common_name;
    struct extension {
        int nid;
        const char *value; /* in OpenSSL's x509v3_config form */
    } extensions[5];
};

static const struct purpose authority = {
    "loadgen lab",
    { { NID_basic_constraints, "critical,CA:TRUE,pathlen:0" },
      { NID_key_usage, "critical,keyCertSign" },
      { NID_subject_key_identifier, "hash" } },
};
static const struct purpose balancer = {
    "127.0.0.1",
    { { NID_basic_constraints, "critical,CA:FALSE" },
      { NID_key_usage, "critical,digitalSignature" },
      { NID_ext_key_usage, "serverAuth" },
      { NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost" },
      { NID_authority_key_identifier, "keyid" } },
};

static bool set_serial(X509 *x)
{
    unsigned char bytes[SERIAL_BYTES];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] &= 0x7f; /* RFC 5280 section 4.1.2.2: positive */
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    const bool is_set = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x));
    BN_free(number);
    return is_set;
}

static bool set_name(X509_NAME *name, const char *common_name)
{
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)common_name, -1, -1,
                                      0) == 1;
}

/* From a day ago, for a clock that is set back. */
static bool set_times(X509 *x, uint64_t realtime_ns)
{
    const time_t now = (time_t)(realtime_ns / NS_PER_S);
    return ASN1_TIME_set(X509_getm_notBefore(x), now - DAY_S) &&
           ASN1_TIME_set(X509_getm_notAfter(x), now + (time_t)365 * DAY_S);
}

static bool add_extensions(X509 *x, X509 *issuer, const struct purpose *p)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, x, NULL, NULL, 0);
    for (size_t i = 0; i < sizeof p->extensions / sizeof *p->extensions && p->extensions[i].value; i++) {
        X509_EXTENSION *extension =
            X509V3_EXT_conf_nid(NULL, &context, p->extensions[i].nid, p->extensions[i].value);
        const bool is_added = extension && X509_add_ext(x, extension, -1) == 1;
        X509_EXTENSION_free(extension);
        if (!is_added)
            return false;
    }
    return true;
}

/* Owned by the caller; NULL on failure. `issuer` NULL: it signs itself. */
static X509 *make_certificate(const struct purpose *p, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key,
                              uint64_t realtime_ns)
{
    X509 *x = X509_new();
    if (x && X509_set_version(x, X509_VERSION_3_VALUE) == 1 && set_serial(x) && set_times(x, realtime_ns) &&
        set_name(X509_get_subject_name(x), p->common_name) &&
        X509_set_issuer_name(x, X509_get_subject_name(issuer ? issuer : x)) == 1 &&
        X509_set_pubkey(x, key) == 1 && add_extensions(x, issuer ? issuer : x, p) &&
        X509_sign(x, issuer_key, EVP_sha256()) > 0)
        return x;
    X509_free(x);
    return NULL;
}

/* `key` may be NULL. */
static int write_pem(const char *path, X509 *certificate, EVP_PKEY *key, struct err *e)
{
    BIO *memory = BIO_new(BIO_s_mem());
    char *text;
    int status = -1;
    if (memory && PEM_write_bio_X509(memory, certificate) == 1 &&
        (!key || PEM_write_bio_PrivateKey(memory, key, NULL, NULL, 0, NULL, NULL) == 1)) {
        const long length = BIO_get_mem_data(memory, &text);
        status = files_write(path, text, (size_t)length, 0600, e);
    } else {
        err_set(e, ERR_FAILED, "cannot write the lab's certificates: %s",
                ERR_reason_error_string(ERR_peek_error()));
    }
    BIO_free(memory);
    return status;
}

int local_tls_write(const char *ca_path, const char *balancer_path, uint64_t realtime_ns, struct err *e)
{
    EVP_PKEY *ca_key = EVP_EC_gen("P-256");
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *ca = ca_key ? make_certificate(&authority, ca_key, NULL, ca_key, realtime_ns) : NULL;
    X509 *certificate = ca && key ? make_certificate(&balancer, key, ca, ca_key, realtime_ns) : NULL;
    int status = -1;
    if (certificate)
        status = write_pem(ca_path, ca, NULL, e) || write_pem(balancer_path, certificate, key, e) ? -1 : 0;
    else
        err_set(e, ERR_FAILED, "cannot make the lab's certificates: %s",
                ERR_reason_error_string(ERR_peek_error()));
    ERR_clear_error();
    X509_free(certificate);
    X509_free(ca);
    EVP_PKEY_free(key);
    EVP_PKEY_free(ca_key);
    return status;
}
