#include "httpd.h"

#include "background.h"
#include "err.h"
#include "httpd_conn.h"
#include "httpd_state.h"

#include <signal.h>
#include <stdlib.h>

enum { BACKLOG = 64, SERVER_NICE = 10 };

static void close_rest(uv_handle_t *handle, void *payload)
{
    (void)payload;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

/* Once the clients have read everything, or the time for that is over. */
static void on_last(uv_timer_t *timer)
{
    struct httpd *server = timer->data;
    if (server->conns && uv_now(&server->loop) < server->stop_ms + HTTPD_LAST_MS)
        return;
    httpd_conn_end_all(server, false);
    uv_walk(&server->loop, close_rest, NULL);
}

static void begin_stop(struct httpd *server)
{
    server->is_stopping = true;
    server->stop_ms = uv_now(&server->loop);
    for (unsigned i = 0; i < server->n_listeners; i++)
        uv_close((uv_handle_t *)&server->listeners[i].tcp, NULL);
    httpd_conn_end_all(server, true);
    uv_timer_start(&server->second, on_last, 0, HTTPD_LOOK_MS);
}

static void on_wake(uv_async_t *wake)
{
    struct httpd *server = wake->data;
    server->handlers.woken(server->handlers.payload);
    if (atomic_load(&server->must_stop) && !server->is_stopping)
        begin_stop(server);
}

static void on_second(uv_timer_t *timer)
{
    struct httpd *server = timer->data;
    server->ticks++;
    httpd_conn_sweep(server);
}

struct httpd *httpd_new(const struct httpd_handlers *handlers, struct err *e)
{
    struct httpd *server = calloc(1, sizeof *server);
    if (!server || uv_loop_init(&server->loop)) {
        free(server);
        err_set(e, ERR_FAILED, "out of memory for the server");
        return NULL;
    }
    server->handlers = *handlers;
    atomic_init(&server->must_stop, false);
    uv_timer_init(&server->loop, &server->second);
    server->second.data = server->wake.data = server;
    if (uv_async_init(&server->loop, &server->wake, on_wake) == 0)
        return server;
    httpd_free(server);
    err_set(e, ERR_FAILED, "out of memory for the server");
    return NULL;
}

void httpd_free(struct httpd *server)
{
    if (!server)
        return;
    if (server->is_running) {
        atomic_store(&server->must_stop, true);
        uv_async_send(&server->wake);
        pthread_join(server->thread, NULL);
    }
    uv_walk(&server->loop, close_rest, NULL); /* of one that never ran */
    uv_run(&server->loop, UV_RUN_DEFAULT);
    uv_loop_close(&server->loop);
    free(server);
}

static void on_connection(uv_stream_t *stream, int status)
{
    if (status == 0)
        httpd_conn_accept((struct httpd_listener *)stream);
}

int httpd_listen(struct httpd *server, const struct httpd_address *address, const char *option, unsigned tag,
                 struct sockaddr_storage *bound, struct err *e)
{
    struct httpd_listener *l = &server->listeners[server->n_listeners++];
    int length = sizeof *bound;
    *l = (struct httpd_listener){ .server = server, .tag = tag, .is_loopback = address->is_loopback };
    uv_tcp_init(&server->loop, &l->tcp);
    int status = uv_tcp_bind(&l->tcp, (const struct sockaddr *)&address->socket,
                             address->socket.ss_family == AF_INET6 ? UV_TCP_IPV6ONLY : 0);
    if (!status)
        status = uv_listen((uv_stream_t *)&l->tcp, BACKLOG, on_connection);
    if (!status)
        status = uv_tcp_getsockname(&l->tcp, (struct sockaddr *)bound, &length);
    if (!status)
        return 0;
    char text[HTTPD_ADDRESS_TEXT_BYTES];
    return err_set(e, ERR_INPUT, "--%s: cannot listen on %s: %s%s", option,
                   httpd_address_text(&address->socket, text), uv_strerror(status),
                   status == UV_EADDRINUSE ? "; port 0 takes any that is free" : "");
}

static void *serve(void *payload)
{
    struct httpd *server = payload;
    background_enter(SERVER_NICE);
    uv_timer_start(&server->second, on_second, 1000, 1000);
    uv_run(&server->loop, UV_RUN_DEFAULT);
    return NULL;
}

/* Signals are blocked in it, so that they wake the thread that sleeps. */
int httpd_start(struct httpd *server, struct err *e)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    server->is_running = pthread_create(&server->thread, NULL, serve, server) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return server->is_running ? 0 : err_set(e, ERR_FAILED, "cannot start a thread for the server");
}

void httpd_wake(struct httpd *server)
{
    uv_async_send(&server->wake);
}

unsigned httpd_n_streams(const struct httpd *server)
{
    return server->n_streams;
}
