/* A whole run in this process: two threads, a closed and an open stream, and a server of the test's own that
 * answers everything but what it is to keep quiet about. */
#include "recorded.h"

#include "clock.h"
#include "engine.h"
#include "outcome.h"

#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS_MOST = 32, N_USERS = 4, N_CLOSED = 20 + 9, N_OPEN = 12, N_ALL = N_CLOSED + N_OPEN };

/* --- the server --- */

struct server {
    int listener, stop[2];
    struct pollfd polled[CONNECTIONS_MOST];
    nfds_t n_polled;
    atomic_uint n_requests, n_connections;
    pthread_t thread;
};

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

static void serve(struct server *s, int fd)
{
    char text[4096];
    const ssize_t n = recv(fd, text, sizeof text - 1, 0);
    if (n <= 0) /* stays in the list, and is closed at the end */
        return;
    text[n] = '\0';
    if (strstr(text, "GET /mute "))
        return;
    for (const char *at = text; (at = strstr(at, "GET ")) != NULL; at++) {
        s->n_requests++;
        if (send(fd, answer, strlen(answer), MSG_NOSIGNAL) < 0)
            return;
    }
}

static void *serve_all(void *payload)
{
    struct server *s = payload;
    while (poll(s->polled, s->n_polled, -1) >= 0 && !(s->polled[0].revents & POLLIN)) {
        if (s->polled[1].revents & POLLIN && s->n_polled < CONNECTIONS_MOST) {
            s->polled[s->n_polled++] =
                (struct pollfd){ .fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC), .events = POLLIN };
            s->n_connections++;
        }
        for (nfds_t i = 2; i < s->n_polled; i++) {
            if (s->polled[i].revents & POLLIN)
                serve(s, s->polled[i].fd);
            if (s->polled[i].revents & (POLLHUP | POLLERR))
                s->polled[i].events = 0;
        }
    }
    return NULL;
}

static uint16_t server_start(struct server *s)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    *s = (struct server){ .listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
    assert_int_equal(bind(s->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(s->listener, CONNECTIONS_MOST), 0);
    assert_int_equal(getsockname(s->listener, (struct sockaddr *)&address, &length), 0);
    assert_int_equal(pipe(s->stop), 0);
    s->polled[0] = (struct pollfd){ .fd = s->stop[0], .events = POLLIN };
    s->polled[1] = (struct pollfd){ .fd = s->listener, .events = POLLIN };
    s->n_polled = 2;
    assert_int_equal(pthread_create(&s->thread, NULL, serve_all, s), 0);
    return ntohs(address.sin_port);
}

static void server_stop(struct server *s)
{
    assert_int_equal(write(s->stop[1], "x", 1), 1);
    pthread_join(s->thread, NULL);
    for (nfds_t i = 0; i < s->n_polled; i++)
        close(s->polled[i].fd);
    close(s->stop[1]);
}

/* --- the plan --- */

static char url[] = "http://127.0.0.1", host[] = "127.0.0.1";
static char text[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n", method[] = "GET", path[] = "/";
static struct plan_piece piece = { .text = text, .length_bytes = sizeof text - 1 };
static struct plan_request request = { .method = method, .path = path, .pieces = &piece, .n_pieces = 1 };
static char mute_text[] = "GET /mute HTTP/1.1\r\nHost: a\r\n\r\n", mute_path[] = "/mute";
static struct plan_piece mute_piece = { .text = mute_text, .length_bytes = sizeof mute_text - 1 };
static struct plan_request mute_request = {
    .method = method, .path = mute_path, .pieces = &mute_piece, .n_pieces = 1
};
static struct plan_phase closed_phases[3], open_phases[1];

static void make_phases(void)
{
    closed_phases[0] = (struct plan_phase){ .name = "p1", .kind = PLAN_PHASE_REQUESTS, .n_requests = 20 };
    closed_phases[1] =
        (struct plan_phase){ .name = "p2", .kind = PLAN_PHASE_PAUSE, .duration_ns = 10 * NS_PER_MS };
    closed_phases[2] = (struct plan_phase){ .name = "p3", .kind = PLAN_PHASE_REQUESTS, .n_requests = 9 };
    open_phases[0] = (struct plan_phase){
        .name = "p1", .kind = PLAN_PHASE_BURST, .n_requests = N_OPEN, .duration_ns = 20 * NS_PER_MS
    };
}

static void make_plan(struct plan *plan, struct plan_stream *streams, uint16_t port)
{
    static struct plan_cluster cluster = { .name = "target", .label = "target" };
    streams[0] = (struct plan_stream){ .name = "closed",
                                       .cluster = "target",
                                       .model = PLAN_CLOSED,
                                       .n_users = N_USERS,
                                       .n_connections = N_USERS,
                                       .phases = closed_phases,
                                       .n_phases = 3 };
    streams[1] = (struct plan_stream){ .name = "open",
                                       .cluster = "target",
                                       .model = PLAN_OPEN,
                                       .n_connections = 6,
                                       .queue_most = 16,
                                       .phases = open_phases,
                                       .n_phases = 1,
                                       .first_phase_index = 3 };
    for (int i = 0; i < 2; i++) {
        streams[i].timeout_ns = streams[i].connect_timeout_ns = 30 * NS_PER_S;
        streams[i].pipeline_depth = 1;
        streams[i].requests = &request;
        streams[i].n_requests = 1;
        memset(streams[i].expect.status_ok, 0xff, sizeof streams[i].expect.status_ok);
    }
    *plan = (struct plan){ .name = "engine",
                           .target = { .url = url, .host = host, .port = port, .resolve_every_ns = NS_PER_S },
                           .clusters = &cluster,
                           .n_clusters = 1,
                           .streams = streams,
                           .n_streams = 2,
                           .n_phases = 4,
                           .n_threads = 2 };
}

/* --- the run --- */

struct run {
    struct server server;
    struct plan plan;
    struct plan_stream streams[2];
    struct dns_log dns;
    struct engine *engine;
    struct recorder *recorder;
    char parent[64], folder[96];
    atomic_int stop;
    enum recorder_end end;
    uint64_t end_ns;
    struct err e;
};

static struct run run;

/* Whatever a test does, its end stops the server's thread. */
static int begin(void **state)
{
    struct run *x = &run;
    (void)state;
    memset(x, 0, sizeof *x);
    dns_log_init(&x->dns);
    make_phases();
    make_plan(&x->plan, x->streams, server_start(&x->server));
    snprintf(x->parent, sizeof x->parent, "/tmp/loadgen-engine-XXXXXX");
    if (!mkdtemp(x->parent))
        return -1;
    snprintf(x->folder, sizeof x->folder, "%.63s/run", x->parent);
    return 0;
}

static int end(void **state)
{
    struct run *x = &run;
    (void)state;
    recorder_free(x->recorder);
    engine_free(x->engine);
    dns_log_fini(&x->dns);
    server_stop(&x->server);
    return files_remove_tree(x->parent, &x->e);
}

static void make(struct run *x, bool pins)
{
    x->engine = engine_new(
        &(struct engine_params){ .plan = &x->plan, .dns = &x->dns, .stop = &x->stop, .pins = pins }, &x->e);
    if (!x->engine)
        fail_msg("%s", x->e.text);
    x->recorder = recorder_new(&(struct recorder_params){ .plan = &x->plan,
                                                          .folder = x->folder,
                                                          .argv = recorded_argv,
                                                          .n_threads = 2,
                                                          .instances = engine_instances(x->engine),
                                                          .remotes = engine_remotes(x->engine),
                                                          .phases = engine_phases(x->engine),
                                                          .dns = &x->dns,
                                                          .pacing = engine_pacing(x->engine),
                                                          .progress = RECORDER_PROGRESS_NONE,
                                                          .allows_invalid = true,
                                                          .is_quiet = true },
                               &x->e);
    assert_non_null(x->recorder);
}

/* A part of run.json; the caller frees. */
static json_t *read_part(const struct run *x, const char *name)
{
    char path_text[128];
    json_error_t error;
    snprintf(path_text, sizeof path_text, "%s/run.json", x->folder);
    json_t *all = json_load_file(path_text, 0, &error);
    if (!all)
        fail_msg("%s: %s", path_text, error.text);
    json_t *part = json_incref(json_object_get(all, name));
    json_decref(all);
    return part;
}

static uint64_t start_of(const struct run *x, size_t phase)
{
    return atomic_load(&engine_phases(x->engine)[phase].start_ns);
}

static uint64_t end_of(const struct run *x, size_t phase)
{
    return atomic_load(&engine_phases(x->engine)[phase].end_ns);
}

static void every_request_is_sent_once_and_every_phase_has_its_times(void **state)
{
    struct run *x = &run;
    (void)state;
    make(x, false);
    const uint64_t from_ns = clock_monotonic_ns();
    assert_int_equal(engine_run(x->engine, x->recorder, &x->end, &x->end_ns, &x->e), 0);
    const uint64_t until_ns = clock_monotonic_ns();
    assert_int_equal(x->end, RECORDER_DONE);
    assert_int_equal(recorder_finish(x->recorder, x->end, x->end_ns, &x->e), 0);
    assert_int_equal(x->server.n_requests, N_ALL);
    assert_in_range(x->server.n_connections, N_USERS + 1, N_USERS + 6);

    assert_true(start_of(x, 0) >= from_ns + 10 * NS_PER_MS); /* no thread is late */
    assert_int_equal(start_of(x, 3), start_of(x, 0));
    assert_int_equal(start_of(x, 1), end_of(x, 0));
    assert_int_equal(end_of(x, 1), start_of(x, 1) + 10 * NS_PER_MS);
    assert_int_equal(start_of(x, 2), end_of(x, 1));
    assert_true(end_of(x, 2) > start_of(x, 2));
    assert_int_equal(end_of(x, 3), start_of(x, 3) + 20 * NS_PER_MS);
    assert_in_range(x->end_ns, end_of(x, 2), until_ns);
    for (int t = 0; t < 2; t++) {
        const struct names *remotes = engine_remotes(x->engine)[t];
        assert_int_equal(remotes->n, 1);
        assert_string_equal(names_text(remotes, 0), "127.0.0.1");
    }
    json_t *totals = read_part(x, "totals");
    assert_int_equal(json_integer_value(json_object_get(totals, "ok_n")), N_ALL);
    json_decref(totals);
}

static void the_time_of_the_start_is_written_by_the_wall_clock(void **state)
{
    struct run *x = &run;
    (void)state;
    make(x, false);
    const uint64_t offset_ns = clock_realtime_ns() - clock_monotonic_ns();
    assert_int_equal(engine_run(x->engine, x->recorder, &x->end, &x->end_ns, &x->e), 0);
    assert_int_equal(recorder_finish(x->recorder, x->end, x->end_ns, &x->e), 0);
    json_t *written = read_part(x, "t0_realtime_ns");
    const uint64_t t0_ns = (uint64_t)json_integer_value(written);
    assert_true(t0_ns + NS_PER_MS > start_of(x, 0) + offset_ns);
    assert_true(t0_ns < start_of(x, 0) + offset_ns + NS_PER_S);
    json_decref(written);
}

/* The only connection of the first stream is one thread's; the other takes part in the second. */
static void a_thread_serves_the_streams_that_have_a_connection_for_it(void **state)
{
    struct run *x = &run;
    (void)state;
    x->streams[0].n_users = x->streams[0].n_connections = 1;
    make(x, false);
    assert_int_equal(engine_run(x->engine, x->recorder, &x->end, &x->end_ns, &x->e), 0);
    assert_int_equal(x->end, RECORDER_DONE);
    assert_int_equal(x->server.n_requests, N_ALL);
}

/* Before it has begun; nothing is sent, and no stream waits for its time. */
static void a_run_that_is_stopped_ends(void **state)
{
    struct run *x = &run;
    (void)state;
    closed_phases[0].n_requests = UINT32_MAX;
    open_phases[0].duration_ns = 3600 * NS_PER_S;
    make(x, false);
    atomic_store(&x->stop, 2);
    const uint64_t from_ns = clock_monotonic_ns();
    assert_int_equal(engine_run(x->engine, x->recorder, &x->end, &x->end_ns, &x->e), 0);
    assert_int_equal(x->end, RECORDER_INTERRUPTED);
    assert_true(x->end_ns >= from_ns);
}

/* The open stream's requests get no answer. Its time goes on when the stream before it has ended. */
static void a_stream_is_looked_after_when_the_one_before_it_is_over(void **state)
{
    struct run *x = &run;
    (void)state;
    x->streams[1].requests = &mute_request;
    x->streams[1].timeout_ns = 60 * NS_PER_MS;
    make(x, false);
    assert_int_equal(engine_run(x->engine, x->recorder, &x->end, &x->end_ns, &x->e), 0);
    assert_int_equal(x->end, RECORDER_DONE);
    assert_int_equal(recorder_finish(x->recorder, x->end, x->end_ns, &x->e), 0);
    assert_int_equal(x->server.n_requests, N_CLOSED);
    json_t *totals = read_part(x, "totals");
    assert_int_equal(json_integer_value(json_object_get(totals, "ok_n")), N_CLOSED);
    json_decref(totals);
}

/* In place of the C library's: who is pinned, and to what. */
enum { PINNED_MOST = 8 };
static atomic_uint n_pinned;
static cpu_set_t pinned[PINNED_MOST];

int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *cpus)
{
    const unsigned i = atomic_fetch_add(&n_pinned, 1);
    (void)thread;
    if (i < PINNED_MOST && size == sizeof *cpus)
        pinned[i] = *cpus;
    return 0;
}

static void pinned_threads_have_a_processor_each(void **state)
{
    struct run *x = &run;
    cpu_set_t allowed, all;
    (void)state;
    atomic_store(&n_pinned, 0);
    make(x, true);
    assert_int_equal(engine_run(x->engine, x->recorder, &x->end, &x->end_ns, &x->e), 0);
    assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    const unsigned n = CPU_COUNT(&allowed) < 2 ? 1 : 2;
    assert_int_equal(n_pinned, n);
    CPU_ZERO(&all);
    for (unsigned i = 0; i < n; i++) {
        assert_int_equal(CPU_COUNT(&pinned[i]), 1);
        CPU_OR(&all, &all, &pinned[i]);
    }
    assert_int_equal(CPU_COUNT(&all), n);
    CPU_AND(&all, &all, &allowed);
    assert_int_equal(CPU_COUNT(&all), n);
}

static void threads_are_not_pinned_unless_asked_for(void **state)
{
    struct run *x = &run;
    (void)state;
    atomic_store(&n_pinned, 0);
    make(x, false);
    assert_int_equal(engine_run(x->engine, x->recorder, &x->end, &x->end_ns, &x->e), 0);
    assert_int_equal(n_pinned, 0);
}

/* Every second request of the open stream gets no answer, so that one thread ends before the other. */
static void a_thread_that_ends_first_is_not_waited_at(void **state)
{
    struct plan_request requests[2];
    (void)state;
    for (int late = 0; late < 2; late++) {
        struct run *x = &run;
        assert_true(late == 0 || begin(NULL) == 0);
        requests[late] = mute_request;
        requests[1 - late] = request;
        x->streams[1].requests = requests;
        x->streams[1].n_requests = 2;
        x->streams[1].mix = PLAN_MIX_SEQUENCE;
        x->streams[1].timeout_ns = 60 * NS_PER_MS;
        make(x, false);
        assert_int_equal(engine_run(x->engine, x->recorder, &x->end, &x->end_ns, &x->e), 0);
        assert_int_equal(x->end, RECORDER_DONE);
        assert_int_equal(recorder_finish(x->recorder, x->end, x->end_ns, &x->e), 0);
        json_t *totals = read_part(x, "totals");
        assert_int_equal(json_integer_value(json_object_get(totals, "ok_n")), N_CLOSED + N_OPEN / 2);
        json_decref(totals);
        if (late == 0)
            assert_int_equal(end(NULL), 0);
    }
}

/* The statistics of the first second are collected and the run goes on; then the rest is. */
static void a_run_of_more_than_a_second_is_collected_to_its_end(void **state)
{
    struct run *x = &run;
    (void)state;
    open_phases[0] = (struct plan_phase){ .name = "p1",
                                          .kind = PLAN_PHASE_RATE,
                                          .duration_ns = 1100 * NS_PER_MS,
                                          .rate_per_s = 100,
                                          .rate_end_per_s = 100,
                                          .n_requests = 110 };
    make(x, false);
    assert_int_equal(engine_run(x->engine, x->recorder, &x->end, &x->end_ns, &x->e), 0);
    assert_int_equal(x->end, RECORDER_DONE);
    assert_true(x->end_ns >= start_of(x, 0) + 1100 * NS_PER_MS);
    assert_int_equal(recorder_finish(x->recorder, x->end, x->end_ns, &x->e), 0);
    json_t *totals = read_part(x, "totals");
    assert_int_equal(json_integer_value(json_object_get(totals, "ok_n")), N_CLOSED + 110);
    json_decref(totals);
}

/* In place of the C library's: a call fails. */
static atomic_int n_until_failure; /* 0: none does */

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*f)(void *), void *payload)
{
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    return atomic_load(&n_until_failure) > 0 && atomic_fetch_sub(&n_until_failure, 1) == 1
               ? EAGAIN
               : real(thread, attributes, f, payload);
}

/* Without its own thread the collector does its work on the caller's. */
static void a_thread_that_cannot_be_started_ends_the_run(void **state)
{
    struct run *x = &run;
    unsigned n_failed = 0, n_done = 0;
    (void)state;
    for (int i = 1; n_done == 0; i++) {
        assert_true(i == 1 || begin(NULL) == 0);
        make(x, false);
        const uint64_t from_ns = clock_monotonic_ns();
        atomic_store(&n_until_failure, i);
        const int status = engine_run(x->engine, x->recorder, &x->end, &x->end_ns, &x->e);
        assert_int_equal(x->end, status ? RECORDER_FAILED : RECORDER_DONE);
        assert_true(x->end_ns > from_ns);
        if (status)
            assert_string_equal(x->e.text, "cannot start a thread: out of memory, or of threads (ulimit -u)");
        else
            assert_int_equal(x->server.n_requests, N_ALL);
        n_failed += status != 0;
        n_done += atomic_exchange(&n_until_failure, 0) > 0;
        if (n_done == 0)
            assert_int_equal(end(NULL), 0);
    }
    assert_int_equal(n_failed, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_request_is_sent_once_and_every_phase_has_its_times, begin, end),
        cmocka_unit_test_setup_teardown(the_time_of_the_start_is_written_by_the_wall_clock, begin, end),
        cmocka_unit_test_setup_teardown(a_thread_serves_the_streams_that_have_a_connection_for_it, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_run_that_is_stopped_ends, begin, end),
        cmocka_unit_test_setup_teardown(a_stream_is_looked_after_when_the_one_before_it_is_over, begin, end),
        cmocka_unit_test_setup_teardown(pinned_threads_have_a_processor_each, begin, end),
        cmocka_unit_test_setup_teardown(threads_are_not_pinned_unless_asked_for, begin, end),
        cmocka_unit_test_setup_teardown(a_thread_that_ends_first_is_not_waited_at, begin, end),
        cmocka_unit_test_setup_teardown(a_run_of_more_than_a_second_is_collected_to_its_end, begin, end),
        cmocka_unit_test_setup_teardown(a_thread_that_cannot_be_started_ends_the_run, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
