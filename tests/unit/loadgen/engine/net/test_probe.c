#include "probe.h"

#include "dns_log.h"
#include "endpoints.h"
#include "err.h"
#include "plan.h"

#include "cm.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A socket of 127.0.0.1, and its port; it listens if it is to answer. */
static int bound(uint16_t *port, bool listens)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listens ? listen(fd, 16) : 0, 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static int probe(uint16_t port, int stop, struct err *e)
{
    struct plan_stream stream = { .name = "a" };
    char host[] = "127.0.0.1";
    struct plan plan = { .target = { .host = host, .port = port }, .streams = &stream, .n_streams = 1 };
    const atomic_int stopped = stop;
    struct endpoints endpoints;
    struct dns_log log;
    dns_log_init(&log);
    if (endpoints_init(&endpoints, &plan, &log, NULL, e))
        fail_msg("%s", e->text);
    const int status = probe_endpoints(&endpoints, &stopped, e);
    endpoints_fini(&endpoints);
    dns_log_fini(&log);
    return status;
}

static void a_target_that_answers_is_reached_once(void **state)
{
    uint16_t port;
    struct err e;
    const int listener = bound(&port, true);
    (void)state;
    assert_int_equal(probe(port, 0, &e), 0);
    const int fd = accept(listener, NULL, NULL);
    assert_true(fd >= 0);
    assert_true(accept(listener, NULL, NULL) < 0);
    close(fd);
    close(listener);
}

static void one_that_does_not_is_named(void **state)
{
    uint16_t port;
    char expected[64];
    struct err e;
    const int silent = bound(&port, false);
    (void)state;
    assert_int_equal(probe(port, 0, &e), -1);
    snprintf(expected, sizeof expected, "127.0.0.1:%u does not answer (Connection refused)", port);
    assert_string_equal(e.text, expected);
    assert_int_equal(e.kind, ERR_INPUT);
    close(silent);
}

static void a_stop_ends_it_without_a_judgement(void **state)
{
    uint16_t port;
    struct err e;
    const int silent = bound(&port, false);
    (void)state;
    assert_int_equal(probe(port, 15, &e), 0);
    close(silent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_that_answers_is_reached_once),
        cmocka_unit_test(one_that_does_not_is_named),
        cmocka_unit_test(a_stop_ends_it_without_a_judgement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
