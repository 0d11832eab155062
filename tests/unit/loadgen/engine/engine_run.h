/* A whole run in this process: two threads, a closed and an open stream, and the test's own server, which
 * answers all requests but those it is to ignore. */
#ifndef TEST_ENGINE_RUN_H
#define TEST_ENGINE_RUN_H

#include "clock.h"
#include "engine.h"
#include "outcome.h"
#include "recorded.h"

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
    atomic_uint n_requests, n_connections;
    pthread_t thread;
};

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

static inline void serve(struct server *s, int fd)
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

static inline void *serve_all(void *payload)
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

static inline uint16_t server_start(struct server *s)
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

static inline void server_stop(struct server *s)
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

static inline void make_phases(void)
{
    closed_phases[0] = (struct plan_phase){ .name = "p1", .kind = PLAN_PHASE_REQUESTS, .n_requests = 20 };
    closed_phases[1] =
        (struct plan_phase){ .name = "p2", .kind = PLAN_PHASE_PAUSE, .duration_ns = 10 * NS_PER_MS };
    closed_phases[2] = (struct plan_phase){ .name = "p3", .kind = PLAN_PHASE_REQUESTS, .n_requests = 9 };
    open_phases[0] = (struct plan_phase){
        .name = "p1", .kind = PLAN_PHASE_BURST, .n_requests = N_OPEN, .duration_ns = 20 * NS_PER_MS
    };
}

static inline void make_plan(struct plan *plan, struct plan_stream *streams, uint16_t port)
{
    static struct plan_cluster cluster = { .name = "target", .label = "target" };
    streams[0] = (struct plan_stream){ .name = "closed",
                                       .cluster = "target",
                                       .model = PLAN_CLOSED,
                                       .n_users = N_USERS,
                                       .n_connections = N_USERS,
                                       .phases = closed_phases,
                                       .n_phases = 3,
                                       .n_rows = 1 };
    streams[1] = (struct plan_stream){ .name = "open",
                                       .cluster = "target",
                                       .model = PLAN_OPEN,
                                       .n_connections = 6,
                                       .queue_most = 16,
                                       .phases = open_phases,
                                       .n_phases = 1,
                                       .n_rows = 1,
                                       .first_phase_index = 3,
                                       .first_cell_index = 3 };
    for (int i = 0; i < 2; i++) {
        streams[i].timeout_ns = streams[i].connect_timeout_ns = 30 * NS_PER_S;
        streams[i].in_flight_most = 1;
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
                           .n_cells = 4,
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

/* The server's thread stops at the end of the test, even after a failure. */
static inline int begin(void **state)
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

static inline int end(void **state)
{
    struct run *x = &run;
    (void)state;
    recorder_free(x->recorder);
    engine_free(x->engine);
    dns_log_fini(&x->dns);
    server_stop(&x->server);
    return files_remove_tree(x->parent, &x->e);
}

static inline void make_of(struct run *x, struct engine_params params)
{
    params.plan = &x->plan;
    params.dns = &x->dns;
    params.stop = &x->stop;
    x->engine = engine_new(&params, &x->e);
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
                                                          .is_quiet = true },
                               &x->e);
    assert_non_null(x->recorder);
}

static inline void make(struct run *x, bool pins)
{
    make_of(x, (struct engine_params){ .pins = pins });
}

static inline int run_now(struct run *x)
{
    return engine_run(x->engine, x->recorder, (struct engine_start){ 0 }, &x->end, &x->end_ns, &x->e);
}

/* A part of run.json; the caller frees. */
static inline json_t *read_part(const struct run *x, const char *name)
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

static inline uint64_t start_of(const struct run *x, size_t phase)
{
    return atomic_load(&engine_phases(x->engine)[phase].start_ns);
}

static inline uint64_t end_of(const struct run *x, size_t phase)
{
    return atomic_load(&engine_phases(x->engine)[phase].end_ns);
}

#endif
