#include "addresses.h"

#include "dns_log.h"
#include "dns_thread.h"
#include "err.h"
#include "plan.h"
#include "units.h"

#include <netdb.h>
#include <semaphore.h>
#include <stdlib.h>

/* Replaces libc's resolver: answers at first, then hangs until released. */
static struct {
    _Atomic int n_calls;
    sem_t hangs, goes_on;
} system_resolver;

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **list)
{
    static const struct sockaddr_in address = { .sin_family = AF_INET };
    (void)name;
    (void)service;
    (void)hints;
    if (system_resolver.n_calls++ > 0) {
        sem_post(&system_resolver.hangs);
        sem_wait(&system_resolver.goes_on);
        return EAI_AGAIN;
    }
    struct addrinfo *only = calloc(1, sizeof *only + sizeof address);
    only->ai_addr = (struct sockaddr *)(void *)(only + 1);
    only->ai_addrlen = sizeof address;
    memcpy(only->ai_addr, &address, sizeof address);
    *list = only;
    return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
    free(list);
}

struct changes {
    sem_t seen;
};

static void on_changed(void *payload)
{
    struct changes *changes = payload;
    sem_post(&changes->seen);
}

static void start(struct addresses *a, const struct plan_target *target, struct dns_log *log,
                  struct changes *changes)
{
    struct err e;
    dns_log_init(log);
    sem_init(&changes->seen, 0, 0);
    if (addresses_init(a, target, log, NULL, &e) || addresses_start(a, on_changed, changes, &e))
        fail_msg("%s", e.text);
}

static void end(struct addresses *a, struct dns_log *log)
{
    addresses_fini(a);
    dns_log_fini(log);
}

static void a_look_up_that_hangs_holds_up_nobody(void **state)
{
    const struct plan_target target = { .host = (char[]){ "balancer.test" }, .resolve_every_ns = NS_PER_S };
    struct addresses a;
    struct dns_log log;
    struct changes changes;
    (void)state;
    sem_init(&system_resolver.hangs, 0, 0);
    sem_init(&system_resolver.goes_on, 0, 0);
    start(&a, &target, &log, &changes);
    sem_wait(&system_resolver.hangs); /* after a second */
    addresses_stop(&a);               /* would hang if it waited */
    assert_int_equal(log.n, 1);
    end(&a, &log);
    sem_post(&system_resolver.goes_on);
}

struct impatient {
    atomic_int stop;
};

/* Like a signal while the resolver hangs. */
static void *stop_soon(void *payload)
{
    struct impatient *x = payload;
    sem_wait(&system_resolver.hangs);
    x->stop = 2;
    return NULL;
}

static void a_stop_ends_the_first_look_up(void **state)
{
    const struct plan_target target = { .host = (char[]){ "balancer.test" }, .resolve_every_ns = NS_PER_S };
    struct impatient x = { 0 };
    struct addresses a;
    struct dns_log log;
    struct err e;
    pthread_t thread;
    (void)state;
    int n_let_go = 1;
    while (n_let_go > 0) /* the previous test's thread is still there */
        sem_getvalue(&system_resolver.goes_on, &n_let_go);
    system_resolver.n_calls = 1; /* hangs at once */
    dns_log_init(&log);
    assert_int_equal(pthread_create(&thread, NULL, stop_soon, &x), 0);
    assert_int_equal(addresses_init(&a, &target, &log, &x.stop, &e), -1);
    assert_string_equal(e.text, "interrupted while the name 'balancer.test' was looked up; nothing was sent");
    pthread_join(thread, NULL);
    end(&a, &log);
    sem_post(&system_resolver.goes_on);
}

static const char *texts(const struct address_set *set)
{
    static char text[256];
    text[0] = '\0';
    for (uint32_t i = 0; i < set->n; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "", set->list[i].text);
    return text;
}

static void wait_for_look_ups(struct addresses *a, struct dns_log *log, size_t n)
{
    for (size_t seen = 0; seen < n;) {
        const struct timespec moment = { .tv_nsec = 10 * NS_PER_MS };
        nanosleep(&moment, NULL);
        pthread_mutex_lock(&log->lock);
        seen = log->n;
        pthread_mutex_unlock(&log->lock);
        addresses_refresh(a);
    }
}

static void addresses_of_a_kind_that_was_not_answered_stay(void **state)
{
    struct dns_thread server;
    struct addresses a;
    struct dns_log log;
    struct changes changes;
    (void)state;
    assert_true(dns_start(&server, AF_INET));
    const struct plan_target target = { .host = (char[]){ "balancer.test" },
                                        .name_server = server.address,
                                        .resolve_every_ns = 60 * NS_PER_S };
    start(&a, &target, &log, &changes); /* neither can be reached at port 0, so both are used */
    assert_string_equal(texts(addresses_now(&a)), "127.0.0.1 ::1");
    server.v6_says = DNS_REFUSES;
    wait_for_look_ups(&a, &log, 3);
    assert_string_equal(texts(addresses_now(&a)), "127.0.0.1 ::1");
    server.v6_says = DNS_NONE;
    sem_wait(&changes.seen);
    assert_string_equal(texts(addresses_now(&a)), "127.0.0.1");
    assert_int_equal(addresses_now(&a)->generation, 1); /* the same answer makes no new set */
    end(&a, &log);
    dns_end(&server);
}

/* --- names with addresses of both families --- */

/* Listens on the loopback address of the family; port 0: any. Returns the descriptor, or -1 where the machine
 * has no such address. */
static int listen_on(int kind, uint16_t *port)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET,
                              .sin_port = htons(*port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
                               .sin6_port = htons(*port),
                               .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    struct sockaddr *own = kind == AF_INET6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
    socklen_t length = kind == AF_INET6 ? sizeof v6 : sizeof v4;
    const int fd = socket(kind, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && (bind(fd, own, length) || listen(fd, 1) || getsockname(fd, own, &length))) {
        close(fd);
        return -1;
    }
    *port = ntohs(kind == AF_INET6 ? v6.sin6_port : v4.sin_port);
    return fd;
}

static void check_used(struct plan_target *target, const char *expected)
{
    struct addresses a;
    struct dns_log log;
    struct err e;
    dns_log_init(&log);
    assert_int_equal(addresses_init(&a, target, &log, NULL, &e), 0);
    assert_string_equal(texts(addresses_now(&a)), expected);
    assert_int_equal(log.n, 2); /* both, whichever is used */
    end(&a, &log);
}

static void a_kind_that_cannot_be_reached_is_not_used(void **state)
{
    struct dns_thread server;
    (void)state;
    assert_true(dns_start(&server, AF_INET));
    struct plan_target target = { .host = (char[]){ "balancer.test" },
                                  .name_server = server.address,
                                  .resolve_every_ns = 60 * NS_PER_S };
    const int v4 = listen_on(AF_INET, &target.port);
    assert_true(v4 >= 0);
    check_used(&target, "127.0.0.1");
    const int v6 = listen_on(AF_INET6, &target.port);
    if (v6 >= 0)
        check_used(&target, "127.0.0.1 ::1");
    close(v4);
    if (v6 >= 0) {
        check_used(&target, "::1");
        close(v6);
    }
    check_used(&target, "127.0.0.1 ::1"); /* neither: may become reachable later */
    dns_end(&server);
}

static void an_answer_is_used_no_longer_than_it_lasts(void **state)
{
    static const struct {
        int v4_says, v6_says;
        uint64_t every_s, usable_s;
        const char *used;
    } cases[] = {
        { DNS_ADDRESS, DNS_NONE, 60, 7, "127.0.0.1" },    { DNS_ADDRESS, DNS_NONE, 8, 7, "127.0.0.1" },
        { DNS_ADDRESS, DNS_NONE, 6, 6, "127.0.0.1" },     { DNS_NONE, DNS_ADDRESS, 60, 7, "::1" },
        { DNS_ADDRESS, DNS_REFUSES, 60, 1, "127.0.0.1" }, /* a family is unanswered: asked again soon */
        { DNS_REFUSES, DNS_ADDRESS, 60, 1, "::1" },
    };
    struct dns_thread server;
    (void)state;
    assert_true(dns_start(&server, AF_INET));
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct addresses a;
        struct dns_log log;
        struct err e;
        const struct plan_target target = { .host = (char[]){ "balancer.test" },
                                            .name_server = server.address,
                                            .resolve_every_ns = cases[i].every_s * NS_PER_S };
        server.v4_says = cases[i].v4_says;
        server.v6_says = cases[i].v6_says;
        dns_log_init(&log);
        assert_int_equal(addresses_init(&a, &target, &log, NULL, &e), 0);
        assert_int_equal(a.usable_ns, cases[i].usable_s * NS_PER_S);
        assert_string_equal(texts(addresses_now(&a)), cases[i].used);
        assert_int_equal(log.n, 1);
        assert_true(log.answers[0].ttl_is_known);
        assert_int_equal(log.answers[0].ttl_s, 7);
        end(&a, &log);
    }
    dns_end(&server);
}

static void a_kind_that_was_asked_for_is_the_only_one(void **state)
{
    struct dns_thread server;
    (void)state;
    assert_true(dns_start(&server, AF_INET));
    for (int family = 4; family <= 6; family += 2) {
        struct addresses a;
        struct dns_log log;
        struct err e;
        const struct plan_target target = { .host = (char[]){ "balancer.test" },
                                            .name_server = server.address,
                                            .family = family,
                                            .resolve_every_ns = 60 * NS_PER_S };
        dns_log_init(&log);
        assert_int_equal(addresses_init(&a, &target, &log, NULL, &e), 0);
        assert_string_equal(texts(addresses_now(&a)), family == 4 ? "127.0.0.1" : "::1");
        end(&a, &log);
    }
    dns_end(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_look_up_that_hangs_holds_up_nobody),
        cmocka_unit_test(a_stop_ends_the_first_look_up),
        cmocka_unit_test(addresses_of_a_kind_that_was_not_answered_stay),
        cmocka_unit_test(a_kind_that_cannot_be_reached_is_not_used),
        cmocka_unit_test(an_answer_is_used_no_longer_than_it_lasts),
        cmocka_unit_test(a_kind_that_was_asked_for_is_the_only_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
