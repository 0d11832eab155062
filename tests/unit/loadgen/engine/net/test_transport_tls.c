/* Results of the TLS transport, and which files and names it accepts. */
#include "tls_server.h"

#include "err.h"

static struct tls_server server;
static struct tls_pair pair;
static struct transport transport;
static struct plan_target target;
static char host[64];

static int begin(void **state)
{
    (void)state;
    snprintf(host, sizeof host, "%s", TLS_NAME);
    target = (struct plan_target){ .host = host, .tls = true };
    transport = (struct transport){ 0 };
    tls_server_init(&server);
    tls_pair_init(&pair, &server);
    return 0;
}

static int end(void **state)
{
    (void)state;
    if (transport.stop) {
        tls_pair_fini(&pair, &transport);
    } else {
        SSL_free(pair.ssl);
        close(pair.sock.fd);
        tls_cut(&pair);
    }
    transport_fini(&transport);
    tls_server_fini(&server);
    return 0;
}

static void make(uint64_t n_connections)
{
    struct err e = { 0 };
    if (transport_tls(&transport, &target, n_connections, &e))
        fail_msg("%s", e.text);
}

static void remake(void)
{
    tls_pair_fini(&pair, &transport);
    transport_fini(&transport);
    tls_pair_init(&pair, &server);
    make(1);
}

static void connect_both(void)
{
    make(1);
    if (tls_shake_hands(&pair, &transport) != 1)
        fail_msg("%s", pair.sock.cause);
}

static void they_send(const char *text)
{
    assert_int_equal(SSL_write(pair.ssl, text, (int)strlen(text)), strlen(text));
}

/* --- a connection --- */

static void a_handshake_waits_for_the_server(void **state)
{
    (void)state;
    make(1);
    assert_true(transport.has_handshake);
    assert_int_equal(transport.start(&transport, &pair.sock), TRANSPORT_WANT_READ);
    assert_int_equal(transport.start(&transport, &pair.sock), TRANSPORT_WANT_READ);
    assert_int_equal(tls_shake_hands(&pair, &transport), 1);
    assert_null(pair.sock.cause);
    assert_string_equal(SSL_get_servername(pair.ssl, TLSEXT_NAMETYPE_host_name), TLS_NAME);
}

static void bytes_go_both_ways(void **state)
{
    char data[16];
    (void)state;
    connect_both();
    assert_int_equal(transport.write(&pair.sock, "question", 8), 8);
    assert_int_equal(SSL_read(pair.ssl, data, sizeof data), 8);
    assert_memory_equal(data, "question", 8);
    assert_int_equal(transport.read(&pair.sock, data, sizeof data), TRANSPORT_WANT_READ);
    assert_false(transport.has_pending(&pair.sock));
    they_send("answer");
    assert_int_equal(transport.read(&pair.sock, data, 4), 4);
    assert_memory_equal(data, "answ", 4);
    assert_true(transport.has_pending(&pair.sock));
    assert_int_equal(transport.read(&pair.sock, data, 4), 2);
    assert_memory_equal(data, "er", 2);
    assert_false(transport.has_pending(&pair.sock));
}

static void a_full_socket_is_waited_for(void **state)
{
    static const char block[16384];
    ssize_t n;
    (void)state;
    connect_both();
    while ((n = transport.write(&pair.sock, block, sizeof block)) > 0)
        ;
    assert_int_equal(n, TRANSPORT_WANT_WRITE);
}

static void an_end_in_order_is_one_and_a_cut_is_none(void **state)
{
    char data[4];
    (void)state;
    connect_both();
    they_send("ab");
    SSL_shutdown(pair.ssl);
    assert_int_equal(transport.read(&pair.sock, data, sizeof data), 2);
    assert_int_equal(transport.read(&pair.sock, data, sizeof data), TRANSPORT_END);
    assert_null(pair.sock.cause);

    remake();
    assert_int_equal(tls_shake_hands(&pair, &transport), 1);
    tls_cut(&pair);
    assert_int_equal(transport.read(&pair.sock, data, sizeof data), TRANSPORT_FAILED);
    assert_string_equal(pair.sock.cause, "connection closed without TLS's close_notify");
}

static void a_reset_says_so(void **state)
{
    char data[4];
    (void)state;
    connect_both();
    while (SSL_read(pair.ssl, data, sizeof data) > 0)
        ;
    assert_int_equal(transport.write(&pair.sock, "abc", 3), 3);
    tls_cut(&pair); /* with bytes unread: a reset */
    assert_int_equal(transport.read(&pair.sock, data, sizeof data), TRANSPORT_FAILED);
    assert_string_equal(pair.sock.cause, "Connection reset by peer");

    remake();
    assert_int_equal(tls_shake_hands(&pair, &transport), 1);
    tls_cut(&pair);
    assert_int_equal(transport.write(&pair.sock, "abc", 3), TRANSPORT_FAILED);
    assert_string_equal(pair.sock.cause, "Broken pipe");
}

/* A connection that ends before it is up is a failure of TLS, whatever the reason. */
static void a_handshake_that_is_cut_off_fails(void **state)
{
    char data[4096];
    (void)state;
    make(1);
    assert_int_equal(transport.start(&transport, &pair.sock), TRANSPORT_WANT_READ);
    tls_cut(&pair); /* with bytes unread */
    assert_int_equal(transport.start(&transport, &pair.sock), TRANSPORT_TLS_FAILED);
    assert_string_equal(pair.sock.cause, "Connection reset by peer");

    remake();
    assert_int_equal(transport.start(&transport, &pair.sock), TRANSPORT_WANT_READ);
    assert_true(recv(pair.fd, data, sizeof data, 0) > 0);
    tls_cut(&pair);
    assert_int_equal(transport.start(&transport, &pair.sock), TRANSPORT_TLS_FAILED);
    assert_string_equal(pair.sock.cause, "unexpected eof while reading");
}

static void plain_http_is_recognized(void **state)
{
    static const char answer[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
    (void)state;
    make(1);
    assert_int_equal(transport.start(&transport, &pair.sock), TRANSPORT_WANT_READ);
    assert_int_equal(send(pair.fd, answer, strlen(answer), 0), strlen(answer));
    assert_int_equal(transport.start(&transport, &pair.sock), TRANSPORT_TLS_FAILED);
    assert_string_equal(pair.sock.cause,
                        "wrong version number: the answer is not TLS; does this port want http?");
}

static void stopping_leaves_the_descriptor_and_may_be_repeated(void **state)
{
    (void)state;
    connect_both();
    transport.stop(&transport, &pair.sock);
    assert_null(pair.sock.session);
    transport.stop(&transport, &pair.sock);
    assert_int_equal(send(pair.sock.fd, "a", 1, 0), 1);
}

/* --- names --- */

static void the_server_is_told_the_name_as_tls_has_it(void **state)
{
    static const struct {
        const char *host, *told; /* NULL: nothing */
    } cases[] = { { "example.test", "example.test" },
                  { "example.test.", "example.test" },
                  { "a", "a" },
                  { "a.", "a" },
                  { ".", "." },
                  { "192.0.2.1", NULL },
                  { "::1", NULL },
                  { "fe80::1%lo", NULL },
                  { "192.0.2", "192.0.2" } };
    (void)state;
    make(1);
    for (size_t i = 0; i < N_OF(cases); i++) {
        snprintf(host, sizeof host, "%s", cases[i].host);
        remake();
        assert_int_equal(tls_shake_hands(&pair, &transport), 1);
        const char *told = SSL_get_servername(pair.ssl, TLSEXT_NAMETYPE_host_name);
        if (!told != !cases[i].told || (told && strcmp(told, cases[i].told) != 0))
            fail_msg("%s: %s", cases[i].host, told ? told : "nothing");
    }
    static char other[] = "other.test";
    target.tls_options.server_name = other;
    remake();
    assert_int_equal(tls_shake_hands(&pair, &transport), 1);
    assert_string_equal(SSL_get_servername(pair.ssl, TLSEXT_NAMETYPE_host_name), "other.test");
}

static void a_certificate_is_verified_by_its_authority_and_its_names(void **state)
{
    static const struct {
        const char *host, *cause; /* NULL: it is right */
        bool verifies, knows_authority;
    } cases[] = {
        { TLS_NAME, NULL, true, true },
        { TLS_NAME ".", NULL, true, true },
        { TLS_ADDRESS, NULL, true, true },
        { "other.test", "hostname mismatch", true, true },
        { "192.0.2.2", "IP address mismatch", true, true },
        { TLS_NAME, "self-signed certificate: --cacert FILE trusts it, -k any", true, false },
        { "other.test", NULL, false, true },
        { "192.0.2.2", NULL, false, false },
    };
    (void)state;
    make(1);
    for (size_t i = 0; i < N_OF(cases); i++) {
        snprintf(host, sizeof host, "%s", cases[i].host);
        target.tls_options.verify = cases[i].verifies;
        target.tls_options.ca_file = cases[i].knows_authority ? server.certificate_file : NULL;
        remake();
        const int said = tls_shake_hands(&pair, &transport);
        if (said != (cases[i].cause ? TRANSPORT_TLS_FAILED : 1))
            fail_msg("case %zu: %d, %s", i, said, pair.sock.cause ? pair.sock.cause : "");
        if (cases[i].cause)
            assert_string_equal(pair.sock.cause, cases[i].cause);
    }
}

/* --- a certificate of the client --- */

static int any_certificate(int is_right, X509_STORE_CTX *store)
{
    (void)is_right;
    (void)store;
    return 1;
}

/* In TLS 1.3 the client learns of it after its handshake. */
static void a_missing_certificate_of_the_client_is_a_failure_of_tls(void **state)
{
    char data[4];
    (void)state;
    SSL_set_verify(pair.ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, any_certificate);
    make(1);
    assert_int_equal(tls_shake_hands(&pair, &transport), 1);
    assert_int_equal(transport.read(&pair.sock, data, sizeof data), TRANSPORT_TLS_FAILED);
    assert_string_equal(pair.sock.cause, "tlsv13 alert certificate required");
}

/* Another alert is a broken connection, and so are bytes that are not TLS. */
static void other_failures_behind_the_handshake_are_none_of_tls(void **state)
{
    static const char nonsense[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
    char data[4];
    (void)state;
    connect_both();
    while (transport.read(&pair.sock, data, sizeof data) > 0)
        ;
    assert_int_equal(send(pair.fd, nonsense, strlen(nonsense), 0), strlen(nonsense));
    assert_int_equal(transport.read(&pair.sock, data, sizeof data), TRANSPORT_FAILED);
    assert_non_null(pair.sock.cause);
}

static void the_client_shows_its_certificate(void **state)
{
    (void)state;
    make(1);
    for (int is_one_file = 0; is_one_file < 2; is_one_file++) {
        target.tls_options.cert_file = is_one_file ? server.both_file : server.certificate_file;
        target.tls_options.key_file = is_one_file ? NULL : server.key_file;
        remake();
        SSL_set_verify(pair.ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, any_certificate);
        assert_int_equal(tls_shake_hands(&pair, &transport), 1);
        X509 *shown = SSL_get1_peer_certificate(pair.ssl);
        assert_non_null(shown);
        assert_int_equal(X509_cmp(shown, server.certificate), 0);
        X509_free(shown);
    }
}

static void a_file_that_does_not_serve_is_named_with_the_reason(void **state)
{
    static char missing[] = "/nonexistent/x.pem", other_key[160];
    EVP_PKEY *key = EVP_EC_gen("P-256");
    (void)state;
    snprintf(other_key, sizeof other_key, "%s/other_key.pem", scratch_folder);
    FILE *f = fopen(other_key, "we");
    assert_non_null(f);
    assert_int_equal(PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL), 1);
    assert_int_equal(fclose(f), 0);
    EVP_PKEY_free(key);
    const struct {
        char *ca, *cert, *key;
        const char *begins, *ends;
    } cases[] = {
        { missing, NULL, NULL, "cannot use the CA file ", ": No such file or directory" },
        { server.key_file, NULL, NULL, "cannot use the CA file ", "" },
        { NULL, missing, NULL, "cannot use the client certificate ", ": No such file or directory" },
        { NULL, server.key_file, NULL, "cannot use the client certificate ", "" },
        { NULL, server.certificate_file, missing, "cannot use the client key ",
          ": No such file or directory" },
        { NULL, server.certificate_file, NULL, "cannot use the client key ", "" },
        { NULL, server.certificate_file, other_key, "cannot use the client key ", ": key values mismatch" },
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct err e = { 0 };
        target.tls_options =
            (struct plan_tls){ .ca_file = cases[i].ca, .cert_file = cases[i].cert, .key_file = cases[i].key };
        assert_int_equal(transport_tls(&transport, &target, 1, &e), -1);
        assert_int_equal(e.kind, ERR_INPUT);
        const size_t length = strlen(e.text), ends = strlen(cases[i].ends);
        if (strncmp(e.text, cases[i].begins, strlen(cases[i].begins)) != 0 || length < ends ||
            strcmp(e.text + length - ends, cases[i].ends) != 0)
            fail_msg("case %zu: %s", i, e.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_handshake_waits_for_the_server, begin, end),
        cmocka_unit_test_setup_teardown(bytes_go_both_ways, begin, end),
        cmocka_unit_test_setup_teardown(a_full_socket_is_waited_for, begin, end),
        cmocka_unit_test_setup_teardown(an_end_in_order_is_one_and_a_cut_is_none, begin, end),
        cmocka_unit_test_setup_teardown(a_reset_says_so, begin, end),
        cmocka_unit_test_setup_teardown(a_handshake_that_is_cut_off_fails, begin, end),
        cmocka_unit_test_setup_teardown(plain_http_is_recognized, begin, end),
        cmocka_unit_test_setup_teardown(stopping_leaves_the_descriptor_and_may_be_repeated, begin, end),
        cmocka_unit_test_setup_teardown(the_server_is_told_the_name_as_tls_has_it, begin, end),
        cmocka_unit_test_setup_teardown(a_certificate_is_verified_by_its_authority_and_its_names, begin, end),
        cmocka_unit_test_setup_teardown(a_missing_certificate_of_the_client_is_a_failure_of_tls, begin, end),
        cmocka_unit_test_setup_teardown(other_failures_behind_the_handshake_are_none_of_tls, begin, end),
        cmocka_unit_test_setup_teardown(the_client_shows_its_certificate, begin, end),
        cmocka_unit_test_setup_teardown(a_file_that_does_not_serve_is_named_with_the_reason, begin, end),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
