#include "emulator.h"

#include "clock.h"
#include "emulator_conn.h"
#include "emulator_state.h"
#include "err.h"
#include "series.h"
#include "stop.h"
#include "units.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { BACKLOG = 4096 };

static const int signal_numbers[EMULATOR_SIGNALS] = { SIGINT, SIGTERM, SIGHUP };

static void on_clock(uv_poll_t *poll, int status, int events)
{
    struct emulator *m = poll->data;
    uint64_t n_expired;
    struct deadline *first;
    (void)status;
    (void)events;
    if (read(m->timer_fd, &n_expired, sizeof n_expired) < 0)
        return; /* rearmed meanwhile */
    m->armed_ns = 0;
    while ((first = deadlines_first(&m->deadlines)) && first->due_ns <= clock_monotonic_ns()) {
        deadlines_remove(&m->deadlines, first);
        emulator_conn_due(first);
    }
    emulator_arm(m);
}

/* Runs just after the start of each second, so that an idle one has a row too. */
static void on_second(uv_timer_t *timer)
{
    struct emulator *m = timer->data;
    const uint64_t now_ns = clock_monotonic_ns();
    const uint64_t unix_ns = now_ns + m->epoch_ns;
    const time_t now_s = (time_t)(unix_ns / NS_PER_S);
    struct tm utc;
    emulator_second(m, now_ns);
    gmtime_r(&now_s, &utc);
    strftime(m->date, sizeof m->date, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
    uv_timer_start(timer, on_second, (NS_PER_S - unix_ns % NS_PER_S) / NS_PER_MS + 1, 0);
}

static void on_connection(uv_stream_t *listener, int status)
{
    if (status == 0)
        emulator_conn_accept(listener->data, listener);
}

struct control_reply {
    uv_pipe_t pipe; /* first: the handle is the reply */
    uv_write_t write;
    char *text;
    size_t length;
};

static void on_reply_closed(uv_handle_t *handle)
{
    struct control_reply *reply = (struct control_reply *)handle;
    free(reply->text);
    free(reply);
}

static void on_reply_written(uv_write_t *write, int status)
{
    struct control_reply *reply = write->data;
    (void)status;
    if (!uv_is_closing((uv_handle_t *)&reply->pipe))
        uv_close((uv_handle_t *)&reply->pipe, on_reply_closed);
}

static void on_control(uv_stream_t *listener, int status)
{
    struct emulator *m = listener->data;
    struct control_reply *reply = status == 0 ? calloc(1, sizeof *reply) : NULL;
    if (!reply)
        return;
    uv_pipe_init(&m->loop, &reply->pipe, 0);
    reply->write.data = reply;
    FILE *out = open_memstream(&reply->text, &reply->length);
    const uint64_t now_ns = clock_monotonic_ns();
    emulator_second(m, now_ns);
    if (out) {
        series_write(m->series, (now_ns + m->epoch_ns) / NS_PER_S, out);
        fclose(out);
    }
    const uv_buf_t buffer = uv_buf_init(reply->text, (unsigned)reply->length);
    if (uv_accept(listener, (uv_stream_t *)&reply->pipe) || !reply->text ||
        uv_write(&reply->write, (uv_stream_t *)&reply->pipe, &buffer, 1, on_reply_written))
        uv_close((uv_handle_t *)&reply->pipe, on_reply_closed);
}

static void close_handle(uv_handle_t *handle, void *payload)
{
    struct emulator *m = payload;
    if (uv_is_closing(handle))
        return;
    if (handle->type == UV_TCP && handle != (uv_handle_t *)&m->listener)
        emulator_conn_abort(handle);
    else if (handle->type == UV_NAMED_PIPE && handle != (uv_handle_t *)&m->control)
        uv_close(handle, on_reply_closed);
    else
        uv_close(handle, NULL);
}

static void on_signal(uv_signal_t *signal, int number)
{
    (void)number;
    uv_walk(signal->loop, close_handle, signal->data);
}

static int start_listener(struct emulator *m, unsigned *port, struct err *e)
{
    struct sockaddr_in address;
    int length = sizeof address;
    uv_ip4_addr("127.0.0.1", (int)m->settings->port, &address);
    int status = uv_tcp_bind(&m->listener, (const struct sockaddr *)&address, 0);
    if (!status)
        status = uv_listen((uv_stream_t *)&m->listener, BACKLOG, on_connection);
    if (!status)
        status = uv_tcp_getsockname(&m->listener, (struct sockaddr *)&address, &length);
    if (status)
        return err_set(e, ERR_FAILED, "cannot listen on 127.0.0.1:%u: %s", (unsigned)m->settings->port,
                       uv_strerror(status));
    *port = ntohs(address.sin_port);
    return 0;
}

static int start_control(struct emulator *m, struct err *e)
{
    if (!m->settings->control)
        return 0;
    int status = uv_pipe_bind(&m->control, m->settings->control);
    if (!status)
        status = uv_listen((uv_stream_t *)&m->control, 16, on_control);
    if (status)
        return err_set(e, ERR_FAILED, "cannot listen on %s: %s", m->settings->control, uv_strerror(status));
    return 0;
}

static int start_clock(struct emulator *m, struct err *e)
{
    m->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (m->timer_fd < 0)
        return err_errno(e, ERR_FAILED, "cannot make a timer");
    uv_poll_init(&m->loop, &m->clock, m->timer_fd);
    uv_poll_start(&m->clock, UV_READABLE, on_clock);
    uv_timer_start(&m->second, on_second, 0, 0);
    for (int i = 0; i < EMULATOR_SIGNALS; i++)
        if (!stop_is_ignored(signal_numbers[i]))
            uv_signal_start(&m->signals[i], on_signal, signal_numbers[i]);
    return 0;
}

static void init_handles(struct emulator *m)
{
    uv_tcp_init(&m->loop, &m->listener);
    uv_pipe_init(&m->loop, &m->control, 0);
    uv_timer_init(&m->loop, &m->second);
    m->listener.data = m->control.data = m->second.data = m->clock.data = m;
    for (int i = 0; i < EMULATOR_SIGNALS; i++) {
        uv_signal_init(&m->loop, &m->signals[i]);
        m->signals[i].data = m;
    }
}

static void init_model(struct emulator *m, uint64_t now_ns)
{
    const struct emulator_settings *s = m->settings;
    struct cpu_credits credits;
    cpu_credits_init(&credits, &s->credits_terms, s->credits, now_ns);
    machine_init(&m->machine, (unsigned)s->vcpus, s->service_time_ns, s->variation, &credits, s->seed);
    random_init(&m->fault_random, s->seed, 1);
}

int emulator_init(struct emulator *m, const struct emulator_settings *settings, unsigned *port, struct err *e)
{
    const uint64_t now_ns = clock_monotonic_ns();
    *m = (struct emulator){ .settings = settings, .timer_fd = -1, .epoch_ns = clock_realtime_ns() - now_ns };
    m->series = calloc(1, sizeof *m->series);
    if (!m->series)
        return err_set(e, ERR_FAILED, "out of memory");
    init_model(m, now_ns);
    signal(SIGPIPE, SIG_IGN);
    uv_loop_init(&m->loop);
    init_handles(m);
    return start_listener(m, port, e) || start_control(m, e) || start_clock(m, e) ? -1 : 0;
}

void emulator_run(struct emulator *m)
{
    uv_run(&m->loop, UV_RUN_DEFAULT);
}

void emulator_fini(struct emulator *m)
{
    if (!m->series)
        return;
    uv_walk(&m->loop, close_handle, m);
    uv_run(&m->loop, UV_RUN_DEFAULT);
    uv_loop_close(&m->loop);
    if (m->timer_fd >= 0)
        close(m->timer_fd);
    deadlines_fini(&m->deadlines);
    free(m->series);
    m->series = NULL;
}
