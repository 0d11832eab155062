#include "loop.h"

#include "err.h"
#include "plan.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { UV_LOOP_BYTES = 64 * 1024 }; /* far more than a libuv loop takes */

static void on_tick(uv_timer_t *tick)
{
    struct loop *l = tick->data;
    l->on_look(l, loop_now(l));
}

static void on_call(uv_async_t *call)
{
    struct loop *l = call->data;
    l->on_look(l, loop_now(l));
}

static void on_uv_ready(struct poller_watch *watch, uint32_t events)
{
    (void)events;
    struct loop *l = (struct loop *)(void *)((char *)watch - offsetof(struct loop, uv_watch));
    l->is_uv_due = true;
}

/* libuv aborts the program where a little memory is short. */
static bool has_room_for_uv(void)
{
    void *volatile room = malloc(UV_LOOP_BYTES); /* volatile: else a compiler would leave it out */
    free(room);
    return room != NULL;
}

/* 0 or a libuv error. */
static int set_up(struct loop *l, uint64_t spin_ns)
{
    l->uv_watch.on_events = on_uv_ready;
    if (poller_init(&l->poller) ||
        poller_add(&l->poller, uv_backend_fd(&l->uv), &l->uv_watch, POLLER_READABLE) ||
        pacer_init(&l->pacer, &l->poller, spin_ns))
        return uv_translate_sys_error(errno);
    const int status = uv_async_init(&l->uv, &l->call, on_call);
    return status ? status : uv_timer_start(&l->tick, on_tick, LOOP_TICK_MS, LOOP_TICK_MS);
}

static int init_uv(struct loop *l, uint64_t spin_ns, struct err *e)
{
    if (!has_room_for_uv())
        return err_set(e, ERR_FAILED, "out of memory for an event loop");
    int status = uv_loop_init(&l->uv);
    if (status)
        return err_set(e, ERR_FAILED, "cannot make an event loop: %s", uv_strerror(status));
    l->has_uv = true;
    uv_timer_init(&l->uv, &l->tick);
    l->tick.data = l->call.data = l;
    status = set_up(l, spin_ns);
    l->is_callable = status == 0;
    return status ? err_set(e, ERR_FAILED, "cannot set up the event loop: %s", uv_strerror(status)) : 0;
}

int loop_init(struct loop *l, const struct loop_params *params, struct err *e)
{
    memset(l, 0, offsetof(struct loop, buffer));
    pthread_mutex_init(&l->call_lock, NULL);
    l->poller.fd = l->pacer.timer_fd = -1;
    l->plan = params->plan;
    l->on_edge = params->on_edge;
    l->on_look = params->on_look;
    l->edge_ns = UINT64_MAX;
    l->n_until_sample = 1;
    if (names_init(&l->instances, STATS_INSTANCES_MOST) || names_init(&l->remotes, STATS_REMOTES_MOST))
        return err_set(e, ERR_FAILED, "out of memory for the connections");
    return init_uv(l, params->spin_ns, e);
}

static void close_handle(uv_handle_t *handle, void *payload)
{
    (void)payload;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void loop_end(struct loop *l)
{
    l->has_ended = true;
    pthread_mutex_lock(&l->call_lock);
    l->is_callable = false;
    pthread_mutex_unlock(&l->call_lock);
    pacer_arm(&l->pacer, PACER_NEVER);
    uv_walk(&l->uv, close_handle, NULL);
}

void loop_fini(struct loop *l)
{
    if (l->has_uv && !l->has_ended) {
        loop_end(l);
        uv_run(&l->uv, UV_RUN_DEFAULT);
    }
    if (l->has_uv)
        uv_loop_close(&l->uv);
    pacer_fini(&l->pacer);
    poller_fini(&l->poller);
    names_fini(&l->instances);
    names_fini(&l->remotes);
    pthread_mutex_destroy(&l->call_lock);
}

void loop_call(struct loop *l)
{
    pthread_mutex_lock(&l->call_lock);
    if (l->is_callable)
        uv_async_send(&l->call);
    pthread_mutex_unlock(&l->call_lock);
}
