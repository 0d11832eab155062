#include "round_trip.h"

#include "dns_log.h"
#include "endpoints.h"
#include "err.h"
#include "plan.h"
#include "round_trips.h"

#include "cm.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A socket that listens on 127.0.0.1, and its port. */
static int listening(uint16_t *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 16), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static unsigned count_connections(int listener)
{
    unsigned n = 0;
    for (int fd; (fd = accept(listener, NULL, NULL)) >= 0; n++)
        close(fd);
    return n;
}

/* Two streams to one target, as it is or as that of a deployment. */
static struct round_trips measure(struct plan_target *target, bool is_deployment, int stop)
{
    struct plan_stream streams[2] = { { .name = "a" }, { .name = "b" } };
    struct plan plan = {
        .target = *target, .streams = streams, .n_streams = 2, .deployment.present = is_deployment
    };
    const atomic_int stopped = stop;
    struct endpoints endpoints;
    struct round_trips out;
    struct dns_log log;
    struct err e;
    dns_log_init(&log);
    if (endpoints_init(&endpoints, &plan, &log, NULL, &e))
        fail_msg("%s", e.text);
    round_trip_measure(&out, &plan, &endpoints, &stopped);
    endpoints_fini(&endpoints);
    dns_log_fini(&log);
    return out;
}

static void a_few_connections_give_the_round_trip_of_every_stream(void **state)
{
    (void)state;
    struct plan_target target = { .host = (char[]){ "127.0.0.1" } };
    const int listener = listening(&target.port);
    const struct round_trips got = measure(&target, true, 0);
    assert_int_equal(got.n, 1);
    assert_string_equal(got.list[0].address, "127.0.0.1");
    assert_int_equal(got.list[0].port, target.port);
    assert_int_equal(got.list[0].n_connects, ROUND_TRIPS_CONNECTS);
    assert_true(got.list[0].min_ns > 0 && got.list[0].min_ns <= got.list[0].median_ns);
    assert_int_equal(got.of_stream_ns[0], got.list[0].min_ns);
    assert_int_equal(got.of_stream_ns[1], got.list[0].min_ns);
    assert_int_equal(count_connections(listener), ROUND_TRIPS_CONNECTS);
    close(listener);
}

static void the_loopback_is_not_asked_unless_a_deployment_is_there(void **state)
{
    (void)state;
    struct plan_target target = { .host = (char[]){ "127.0.0.1" } };
    const int listener = listening(&target.port);
    const struct round_trips got = measure(&target, false, 0);
    assert_int_equal(got.n, 0);
    assert_int_equal(got.of_stream_ns[0], 0);
    assert_int_equal(count_connections(listener), 0);
    close(listener);
}

static void a_port_that_refuses_and_a_unix_socket_are_left_out(void **state)
{
    (void)state;
    struct plan_target target = { .host = (char[]){ "127.0.0.1" } };
    close(listening(&target.port));
    assert_int_equal(measure(&target, true, 0).n, 0);
    target.unix_socket = (char[]){ "/nowhere/socket" };
    assert_int_equal(measure(&target, true, 0).n, 0);
}

static void a_stop_ends_it(void **state)
{
    (void)state;
    struct plan_target target = { .host = (char[]){ "127.0.0.1" } };
    const int listener = listening(&target.port);
    assert_int_equal(measure(&target, true, 2).n, 0);
    close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_few_connections_give_the_round_trip_of_every_stream),
        cmocka_unit_test(the_loopback_is_not_asked_unless_a_deployment_is_there),
        cmocka_unit_test(a_port_that_refuses_and_a_unix_socket_are_left_out),
        cmocka_unit_test(a_stop_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
