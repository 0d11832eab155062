#include "local_tls.h"

#include "err.h"
#include "units.h"

#include "cm.h"
#include "scratch.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <sys/stat.h>

#define NOW_S UINT64_C(1795952601)

static X509 *read_certificate(const char *path)
{
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    X509 *x = PEM_read_X509(f, NULL, NULL, NULL);
    fclose(f);
    assert_non_null(x);
    return x;
}

static void write_both(const char *ca_path, const char *balancer_path)
{
    struct err e;
    assert_int_equal(local_tls_write(ca_path, balancer_path, NOW_S * NS_PER_S, &e), 0);
}

/* X509_V_OK, or why the balancer's certificate does not hold for `address` at that time. */
static int verify(X509 *ca, X509 *certificate, const char *address, uint64_t now_s)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    assert_int_equal(X509_STORE_add_cert(store, ca), 1);
    assert_int_equal(X509_STORE_CTX_init(context, store, certificate, NULL), 1);
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_time(param, (time_t)now_s);
    X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT);
    assert_int_equal(X509_VERIFY_PARAM_set1_ip_asc(param, address), 1);
    const int result = X509_verify_cert(context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context);
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    return result;
}

static void the_authority_verifies_the_balancer_on_this_machine_for_a_year(void **state)
{
    const uint64_t day_s = 86400;
    (void)state;
    const char *ca_path = scratch_path("ca.pem"), *balancer_path = scratch_path("balancer.pem");
    write_both(ca_path, balancer_path);
    X509 *ca = read_certificate(ca_path), *certificate = read_certificate(balancer_path);
    assert_int_equal(verify(ca, certificate, "127.0.0.1", NOW_S), X509_V_OK);
    assert_int_equal(verify(ca, certificate, "127.0.0.1", NOW_S - day_s + 60), X509_V_OK);
    assert_int_equal(verify(ca, certificate, "127.0.0.1", NOW_S + 364 * day_s), X509_V_OK);
    assert_int_equal(verify(ca, certificate, "127.0.0.1", NOW_S + 366 * day_s), X509_V_ERR_CERT_HAS_EXPIRED);
    assert_int_equal(verify(ca, certificate, "127.0.0.2", NOW_S), X509_V_ERR_IP_ADDRESS_MISMATCH);
    assert_int_equal(X509_check_host(certificate, "localhost", 0, 0, NULL), 1);
    X509_free(certificate);
    X509_free(ca);
}

static void each_lab_has_an_authority_of_its_own(void **state)
{
    (void)state;
    const char *ca_path = scratch_path("ca.pem"), *other_path = scratch_path("other-ca.pem");
    const char *balancer_path = scratch_path("balancer.pem");
    write_both(ca_path, balancer_path);
    write_both(other_path, scratch_path("other.pem"));
    X509 *other = read_certificate(other_path), *certificate = read_certificate(balancer_path);
    assert_int_not_equal(verify(other, certificate, "127.0.0.1", NOW_S), X509_V_OK);
    X509_free(certificate);
    X509_free(other);
}

static void only_the_balancers_key_is_written_and_only_its_owner_reads_it(void **state)
{
    struct stat about;
    (void)state;
    const char *ca_path = scratch_path("ca.pem"), *balancer_path = scratch_path("balancer.pem");
    write_both(ca_path, balancer_path);
    char *ca = scratch_read(ca_path, NULL), *balancer = scratch_read(balancer_path, NULL);
    assert_null(strstr(ca, "PRIVATE KEY"));
    assert_non_null(strstr(balancer, "-----BEGIN PRIVATE KEY-----"));
    assert_int_equal(stat(balancer_path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    free(balancer);
    free(ca);
}

static void a_folder_that_is_missing_is_named(void **state)
{
    struct err e;
    (void)state;
    assert_int_equal(local_tls_write("/nowhere/ca.pem", "/nowhere/balancer.pem", NOW_S * NS_PER_S, &e), -1);
    assert_non_null(strstr(e.text, "/nowhere/ca.pem"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_authority_verifies_the_balancer_on_this_machine_for_a_year),
        cmocka_unit_test(each_lab_has_an_authority_of_its_own),
        cmocka_unit_test(only_the_balancers_key_is_written_and_only_its_owner_reads_it),
        cmocka_unit_test(a_folder_that_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
