/* Options of the TLS transport: sessions, versions, protocol names and buffers. */
#include "tls_server.h"

#include "err.h"

static struct tls_server server;
static struct transport transport;
static struct plan_target target;
static char host[] = TLS_NAME;

static int begin(void **state)
{
    (void)state;
    target = (struct plan_target){ .host = host, .tls = true };
    transport = (struct transport){ 0 };
    tls_server_init(&server);
    return 0;
}

static int end(void **state)
{
    (void)state;
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

/* Tickets arrive after the handshake, with whatever is read next. */
static void read_all(struct tls_pair *p)
{
    char data[64];
    while (transport.read(&p->sock, data, sizeof data) > 0)
        ;
}

/* A whole connection; returns whether it resumed an earlier session. */
static bool resumes_one(bool takes_tickets)
{
    struct tls_pair p;
    tls_pair_init(&p, &server);
    if (tls_shake_hands(&p, &transport) != 1)
        fail_msg("%s", p.sock.cause);
    const bool resumes = SSL_session_reused(p.ssl) == 1;
    if (takes_tickets)
        read_all(&p);
    tls_pair_fini(&p, &transport);
    return resumes;
}

static void a_ticket_of_tls_1_3_serves_once(void **state)
{
    (void)state;
    SSL_CTX_set_num_tickets(server.ctx, 1);
    target.tls_options.resume = true;
    make(1);
    assert_false(resumes_one(true));
    assert_true(resumes_one(false));
    assert_false(resumes_one(true));
    assert_true(resumes_one(true));
    assert_true(resumes_one(true));
}

static void each_ticket_serves_one_connection(void **state)
{
    (void)state;
    SSL_CTX_set_num_tickets(server.ctx, 3);
    target.tls_options.resume = true;
    make(1);
    assert_false(resumes_one(true));
    for (int i = 0; i < 3; i++)
        assert_true(resumes_one(false));
    assert_false(resumes_one(false));
}

static void a_session_of_tls_1_2_serves_again(void **state)
{
    (void)state;
    SSL_CTX_set_max_proto_version(server.ctx, TLS1_2_VERSION);
    target.tls_options.resume = true;
    make(1);
    assert_false(resumes_one(false));
    for (int i = 0; i < 3; i++)
        assert_true(resumes_one(false));
}

static void without_resumption_every_handshake_is_a_whole_one(void **state)
{
    static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
    (void)state;
    make(1);
    for (size_t i = 0; i < N_OF(versions); i++) {
        SSL_CTX_set_max_proto_version(server.ctx, versions[i]);
        assert_false(resumes_one(true));
        assert_false(resumes_one(true));
    }
}

/* Beyond the limit the oldest tickets are dropped: as many connections as it holds can resume, one more
 * cannot. */
static void the_newest_tickets_are_kept(void **state)
{
    enum { KEPT = 256, TOLD = 300 };
    (void)state;
    SSL_CTX_set_num_tickets(server.ctx, TOLD);
    target.tls_options.resume = true;
    make(1);
    struct tls_pair p;
    tls_pair_init(&p, &server);
    assert_int_equal(tls_shake_hands(&p, &transport), 1);
    read_all(&p);
    while (SSL_accept(p.ssl) != 1) /* tickets for which there was no room */
        read_all(&p);
    read_all(&p);
    tls_pair_fini(&p, &transport);
    SSL_CTX_set_num_tickets(server.ctx, 0);
    for (int i = 0; i < KEPT; i++)
        if (!resumes_one(false))
            fail_msg("only %d were kept", i);
    assert_false(resumes_one(false));
}

static void the_least_version_is_kept(void **state)
{
    static const struct {
        int least, server_most, version; /* 0: none */
    } cases[] = { { 0, TLS1_3_VERSION, TLS1_3_VERSION },  { 0, TLS1_2_VERSION, TLS1_2_VERSION },
                  { 12, TLS1_2_VERSION, TLS1_2_VERSION }, { 12, TLS1_3_VERSION, TLS1_3_VERSION },
                  { 13, TLS1_3_VERSION, TLS1_3_VERSION }, { 13, TLS1_2_VERSION, 0 } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct tls_pair p;
        target.tls_options.min_version = cases[i].least;
        make(1);
        SSL_CTX_set_max_proto_version(server.ctx, cases[i].server_most);
        tls_pair_init(&p, &server);
        const int said = tls_shake_hands(&p, &transport);
        if (said != (cases[i].version ? 1 : TRANSPORT_TLS_FAILED))
            fail_msg("case %zu: %d", i, said);
        if (cases[i].version)
            assert_int_equal(SSL_version(p.ssl), cases[i].version);
        tls_pair_fini(&p, &transport);
        transport_fini(&transport);
    }
}

/* --- protocol names --- */

struct told {
    unsigned char names[256];
    unsigned n_bytes;
};

static int note_names(SSL *ssl, const unsigned char **out, unsigned char *out_bytes,
                      const unsigned char *names, unsigned n_bytes, void *payload)
{
    struct told *told = payload;
    (void)ssl;
    (void)out;
    (void)out_bytes;
    memcpy(told->names, names, n_bytes);
    told->n_bytes = n_bytes;
    return SSL_TLSEXT_ERR_NOACK;
}

static void protocol_names_are_told_in_their_order(void **state)
{
    static const struct {
        const char *names; /* NULL: the default */
        const char *told;
    } cases[] = { { NULL, "\10http/1.1" },
                  { "h2", "\2h2" },
                  { "h2,http/1.1", "\2h2\10http/1.1" },
                  { "a,b,c", "\1a\1b\1c" } };
    struct told told;
    (void)state;
    SSL_CTX_set_alpn_select_cb(server.ctx, note_names, &told);
    for (size_t i = 0; i < N_OF(cases); i++) {
        char names[32];
        snprintf(names, sizeof names, "%s", cases[i].names ? cases[i].names : "");
        target.tls_options.alpn = cases[i].names ? names : NULL;
        make(1);
        assert_false(resumes_one(false));
        assert_int_equal(told.n_bytes, strlen(cases[i].told));
        assert_memory_equal(told.names, cases[i].told, told.n_bytes);
        transport_fini(&transport);
    }
}

static void protocol_names_must_fit(void **state)
{
    static const struct {
        int first_bytes;
        const char *rest;
        bool fits;
    } cases[] = { { 255, "", true },   { 256, "", false }, { 252, ",bb", true },  { 253, ",bb", false },
                  { 1, ",,b", false }, { 0, ",b", false }, { 250, ",a,b", true }, { 252, ",a,b", false } };
    char names[300];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct err e = { 0 };
        memset(names, 'a', (size_t)cases[i].first_bytes);
        strcpy(names + cases[i].first_bytes, cases[i].rest);
        target.tls_options.alpn = names;
        const int status = transport_tls(&transport, &target, 1, &e);
        if (status != (cases[i].fits ? 0 : -1) || (status && e.kind != ERR_INPUT))
            fail_msg("case %zu: %d, %s", i, status, e.text);
        if (status)
            assert_string_equal(e.text, "the ALPN names must be a comma-separated list such as http/1.1");
        transport_fini(&transport);
    }
}

/* How a server answers the offer of h2: NULL: with an alert. */
static int choose_name(SSL *ssl, const unsigned char **out, unsigned char *out_bytes,
                       const unsigned char *names, unsigned n_bytes, void *payload)
{
    const char *name = payload;
    (void)ssl;
    assert_int_equal(n_bytes, 3);
    assert_memory_equal(names, "\2h2", 3);
    if (!name)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = (const unsigned char *)name;
    *out_bytes = (unsigned char)strlen(name);
    return *name ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

static void http_2_is_spoken_only_where_the_server_chooses_it(void **state)
{
    static char h2[] = "h2", none[] = "";
    static const struct {
        char *name; /* that the server chooses */
        int result;
        const char *cause;
    } cases[] = { { h2, 1, NULL },
                  { none, TRANSPORT_TLS_FAILED, "the server did not choose h2" },
                  { NULL, TRANSPORT_TLS_FAILED, "the server did not choose h2" } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct tls_pair p;
        SSL_CTX_set_alpn_select_cb(server.ctx, choose_name, cases[i].name);
        target.http = PLAN_HTTP_2;
        make(1);
        tls_pair_init(&p, &server);
        assert_int_equal(tls_shake_hands(&p, &transport), cases[i].result);
        if (cases[i].cause)
            assert_string_equal(p.sock.cause, cases[i].cause);
        tls_pair_fini(&p, &transport);
        transport_fini(&transport);
    }
}

/* --- buffers --- */

static void many_connections_give_their_buffers_back(void **state)
{
    static const struct {
        uint64_t n_connections;
        bool gives_back;
    } cases[] = { { 1, false }, { 1024, false }, { 1025, true }, { 100000, true } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct tls_pair p;
        make(cases[i].n_connections);
        tls_pair_init(&p, &server);
        transport.start(&transport, &p.sock);
        const bool gives_back = (SSL_get_mode(p.sock.session) & SSL_MODE_RELEASE_BUFFERS) != 0;
        assert_int_equal(gives_back, cases[i].gives_back);
        tls_pair_fini(&p, &transport);
        transport_fini(&transport);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_ticket_of_tls_1_3_serves_once, begin, end),
        cmocka_unit_test_setup_teardown(each_ticket_serves_one_connection, begin, end),
        cmocka_unit_test_setup_teardown(a_session_of_tls_1_2_serves_again, begin, end),
        cmocka_unit_test_setup_teardown(without_resumption_every_handshake_is_a_whole_one, begin, end),
        cmocka_unit_test_setup_teardown(the_newest_tickets_are_kept, begin, end),
        cmocka_unit_test_setup_teardown(the_least_version_is_kept, begin, end),
        cmocka_unit_test_setup_teardown(protocol_names_are_told_in_their_order, begin, end),
        cmocka_unit_test_setup_teardown(protocol_names_must_fit, begin, end),
        cmocka_unit_test_setup_teardown(http_2_is_spoken_only_where_the_server_chooses_it, begin, end),
        cmocka_unit_test_setup_teardown(many_connections_give_their_buffers_back, begin, end),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
