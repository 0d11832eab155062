/* A whole run in this process: two threads, a closed and an open stream, and a server of the test's own that
 * answers everything. */
#include "recorded.h"

#include "clock.h"
#include "engine.h"
#include "outcome.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS_MOST = 32, N_USERS = 4, N_CLOSED = 20 + 9, N_OPEN = 12, N_ALL = N_CLOSED + N_OPEN };

/* --- the server --- */

struct server {
    int listener, stop[2];
    struct pollfd polled[CONNECTIONS_MOST];
    nfds_t n_polled;
    unsigned n_requests, n_connections;
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
static struct plan_phase closed_phases[] = {
    { .name = "p1", .kind = PLAN_PHASE_REQUESTS, .n_requests = 20 },
    { .name = "p2", .kind = PLAN_PHASE_PAUSE, .duration_ns = 10 * NS_PER_MS },
    { .name = "p3", .kind = PLAN_PHASE_REQUESTS, .n_requests = 9 },
};
static struct plan_phase open_phases[] = {
    { .name = "p1", .kind = PLAN_PHASE_BURST, .n_requests = N_OPEN, .duration_ns = 20 * NS_PER_MS },
};

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

static void run_init(struct run *x)
{
    memset(x, 0, sizeof *x);
    make_plan(&x->plan, x->streams, server_start(&x->server));
    snprintf(x->parent, sizeof x->parent, "/tmp/loadgen-engine-XXXXXX");
    assert_non_null(mkdtemp(x->parent));
    snprintf(x->folder, sizeof x->folder, "%s/run", x->parent);
    dns_log_init(&x->dns);
    x->engine =
        engine_new(&(struct engine_params){ .plan = &x->plan, .dns = &x->dns, .stop = &x->stop }, &x->e);
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

static void run_fini(struct run *x)
{
    recorder_free(x->recorder);
    engine_free(x->engine);
    dns_log_fini(&x->dns);
    server_stop(&x->server);
    assert_int_equal(files_remove_tree(x->parent, &x->e), 0);
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
    struct run x;
    (void)state;
    run_init(&x);
    const uint64_t from_ns = clock_monotonic_ns();
    assert_int_equal(engine_run(x.engine, x.recorder, &x.end, &x.end_ns, &x.e), 0);
    const uint64_t until_ns = clock_monotonic_ns();
    assert_int_equal(x.end, RECORDER_DONE);
    assert_int_equal(recorder_finish(x.recorder, x.end, x.end_ns, &x.e), 0);
    assert_int_equal(x.server.n_requests, N_ALL);
    assert_in_range(x.server.n_connections, N_USERS + 1, N_USERS + 6);

    assert_true(start_of(&x, 0) > from_ns);
    assert_int_equal(start_of(&x, 3), start_of(&x, 0));
    assert_int_equal(start_of(&x, 1), end_of(&x, 0));
    assert_int_equal(end_of(&x, 1), start_of(&x, 1) + 10 * NS_PER_MS);
    assert_int_equal(start_of(&x, 2), end_of(&x, 1));
    assert_true(end_of(&x, 2) > start_of(&x, 2));
    assert_int_equal(end_of(&x, 3), start_of(&x, 3) + 20 * NS_PER_MS);
    assert_in_range(x.end_ns, end_of(&x, 2), until_ns);
    for (int t = 0; t < 2; t++) {
        const struct names *remotes = engine_remotes(x.engine)[t];
        assert_int_equal(remotes->n, 1);
        assert_string_equal(names_text(remotes, 0), "127.0.0.1");
    }
    run_fini(&x);
}

/* Before it has begun; nothing is sent. */
static void a_run_that_is_stopped_ends(void **state)
{
    struct run x;
    (void)state;
    closed_phases[0].n_requests = UINT32_MAX;
    run_init(&x);
    atomic_store(&x.stop, 2);
    const uint64_t from_ns = clock_monotonic_ns();
    assert_int_equal(engine_run(x.engine, x.recorder, &x.end, &x.end_ns, &x.e), 0);
    assert_int_equal(x.end, RECORDER_INTERRUPTED);
    assert_true(x.end_ns >= from_ns);
    run_fini(&x);
    closed_phases[0].n_requests = 20;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_is_sent_once_and_every_phase_has_its_times),
        cmocka_unit_test(a_run_that_is_stopped_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
