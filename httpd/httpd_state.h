/* What the server and its connections share; private to them. All but `wake` belongs to the thread. */
#ifndef HTTPD_STATE_H
#define HTTPD_STATE_H

#include "httpd.h"

#include <pthread.h>
#include <stdatomic.h>
#include <uv.h>

struct httpd_conn;

enum {
    HTTPD_LISTENERS_MOST = 2,
    HTTPD_CONNS_MOST = 32,
    HTTPD_STREAMS_MOST = 8,
    HTTPD_HEAD_BYTES_MOST = 8192,
    HTTPD_UNSENT_BYTES_MOST = 4 * 1024 * 1024, /* of a stream, before its client counts as too slow */
    HTTPD_REQUEST_S = 10,                      /* for a whole request to arrive */
    HTTPD_READ_S = 60,                         /* for an answer to be read */
    HTTPD_IDLE_S = 120,                        /* between requests: twice what scrapers usually wait */
    HTTPD_LAST_MS = 1000,                      /* for clients to read the last bytes, */
    HTTPD_LOOK_MS = 10,                        /* with looks this far apart */
};

struct httpd_listener {
    uv_tcp_t tcp; /* first */
    struct httpd *server;
    unsigned tag;
    bool is_loopback;
};

struct httpd {
    struct httpd_handlers handlers;
    uv_loop_t loop;
    uv_async_t wake;
    uv_timer_t second;
    struct httpd_listener listeners[HTTPD_LISTENERS_MOST];
    unsigned n_listeners;
    struct httpd_conn *conns;
    unsigned n_conns, n_streams;
    unsigned ticks; /* seconds since the start */
    bool is_stopping;
    uint64_t stop_ms; /* when that began, by the loop's clock */
    atomic_bool must_stop;
    bool is_running;
    pthread_t thread;
    char receive[16 * 1024];
};

#endif
