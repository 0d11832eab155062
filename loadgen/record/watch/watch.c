#include "watch.h"

#include "clock.h"
#include "err.h"
#include "httpd.h"
#include "httpd_request.h"
#include "openmetrics.h"
#include "units.h"
#include "watch_events.h"
#include "watch_facts.h"
#include "watch_history.h"
#include "watch_metrics.h"
#include "watch_page.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* What a listener serves, as bits of its tag. */
enum { SERVES_METRICS = 1, SERVES_PAGE = 2 };
enum { WAITING_MOST = 120, LINGER_LOOK_MS = 20 };
#define LINGER_SAY_NS (500 * NS_PER_MS)

struct watch {
    struct httpd *server;
    unsigned serves;       /* all that any listener does */
    atomic_uint n_shown;   /* as bits: where the final values were fetched */
    atomic_bool has_ended; /* the run that was published last */
    pthread_mutex_t mutex;
    struct watch_facts *waiting, **waiting_end; /* under the mutex: for the server's thread */
    unsigned n_waiting;
    /* of the server's thread */
    struct watch_facts *current; /* NULL: no run has begun */
    struct watch_history history;
    unsigned n_runs;
};

/* --- in the server's thread --- */

static void send_event(struct watch *w, const char *name, char *data)
{
    const struct watch_event *event = data ? watch_history_add(&w->history, name, data) : NULL;
    if (event)
        httpd_broadcast(w->server, event->text, event->length);
    free(data);
}

/* What a gauge showed of the last second stays when the run is over. */
static void keep_generator(struct watch_facts *end, const struct watch_facts *last)
{
    memcpy(end->cpu_ratio, last->cpu_ratio, sizeof end->cpu_ratio);
    end->lag_p99_s = last->lag_p99_s;
    end->rx_age_p99_s = last->rx_age_p99_s;
}

static void show(struct watch *w, struct watch_facts *f)
{
    if (f->end && w->current)
        keep_generator(f, w->current);
    watch_facts_free(w->current);
    w->current = f;
    if (f->is_begin) {
        watch_history_begin(&w->history);
        send_event(w, "run", watch_events_run(f, ++w->n_runs));
    } else if (!f->end) {
        send_event(w, "second", watch_events_second(f));
    } else {
        send_event(w, "end", watch_events_end(f, w->n_runs));
        if (httpd_n_streams(w->server) > 0)
            atomic_fetch_or(&w->n_shown, SERVES_PAGE);
    }
}

static void on_woken(void *payload)
{
    struct watch *w = payload;
    pthread_mutex_lock(&w->mutex);
    struct watch_facts *list = w->waiting;
    w->waiting = NULL;
    w->waiting_end = &w->waiting;
    w->n_waiting = 0;
    pthread_mutex_unlock(&w->mutex);
    while (list) {
        struct watch_facts *f = list;
        list = f->next;
        show(w, f);
    }
}

/* Fills the answer's body by what `write` writes. */
static void answer_metrics(struct watch *w, const struct httpd_request *request, struct httpd_answer *answer)
{
    const bool is_classic = !openmetrics_is_accepted(request->headers->values[HTTPD_ACCEPT]);
    FILE *out = open_memstream(&answer->body, &answer->body_bytes);
    answer->content_type = openmetrics_content_type(is_classic);
    snprintf(answer->headers, sizeof answer->headers, "Vary: Accept\r\n");
    if (!out) {
        answer->status = 500;
        return;
    }
    watch_metrics_write(out, w->current, is_classic);
    if (fclose(out))
        answer->status = 500;
    else if (w->current && w->current->end)
        atomic_fetch_or(&w->n_shown, SERVES_METRICS);
}

static void answer_events(struct watch *w, const struct httpd_request *request, struct httpd_answer *answer)
{
    FILE *out = open_memstream(&answer->body, &answer->body_bytes);
    answer->content_type = "text/event-stream; charset=utf-8";
    answer->is_stream = true;
    if (!out) {
        answer->status = 500;
        answer->is_stream = false;
        return;
    }
    fputs("retry: 1000\n\n", out);
    watch_history_write(&w->history, request->headers->values[HTTPD_LAST_EVENT_ID], out);
    if (fclose(out)) {
        answer->status = 500;
        answer->is_stream = false;
    } else if (w->current && w->current->end)
        atomic_fetch_or(&w->n_shown, SERVES_PAGE);
}

static void answer_page(struct httpd_answer *answer)
{
    answer->content_type = "text/html; charset=utf-8";
    if (watch_page_make(&answer->body, &answer->body_bytes, answer->headers, sizeof answer->headers))
        answer->status = 500;
}

static void not_found(unsigned tag, struct httpd_answer *answer)
{
    answer->status = 404;
    answer->content_type = "text/plain; charset=utf-8";
    answer->body = strdup(tag & SERVES_PAGE ? "404 Not Found: the page is /\n"
                                            : "404 Not Found: the metrics are at /metrics\n");
    answer->body_bytes = answer->body ? strlen(answer->body) : 0;
}

static void on_request(void *payload, unsigned tag, const struct httpd_request *request,
                       struct httpd_answer *answer)
{
    struct watch *w = payload;
    if ((tag & SERVES_METRICS) && httpd_request_is_for(request, "/metrics"))
        answer_metrics(w, request, answer);
    else if ((tag & SERVES_PAGE) && httpd_request_is_for(request, "/events"))
        answer_events(w, request, answer);
    else if ((tag & SERVES_PAGE) && httpd_request_is_for(request, "/"))
        answer_page(answer);
    else
        not_found(tag, answer);
}

/* --- in other threads --- */

static int listen_on(struct watch *w, const char *text, const char *option, unsigned tag, struct err *e)
{
    struct httpd_address address;
    struct sockaddr_storage bound;
    char where[HTTPD_ADDRESS_TEXT_BYTES];
    w->serves |= tag;
    if (httpd_address_parse(text, option, &address, e) ||
        httpd_listen(w->server, &address, option, tag, &bound, e))
        return -1;
    httpd_address_text(&bound, where);
    if (tag & SERVES_PAGE)
        fprintf(stderr, "watch the run at http://%s/\n", where);
    if (tag & SERVES_METRICS)
        fprintf(stderr, "metrics at http://%s/metrics\n", where);
    return 0;
}

static int listen_all(struct watch *w, const char *metrics, const char *page, struct err *e)
{
    if (metrics && page && strcmp(metrics, page) == 0 && strcmp(metrics, "0") != 0)
        return listen_on(w, metrics, "serve", SERVES_METRICS | SERVES_PAGE, e);
    if (page && listen_on(w, page, "serve", SERVES_PAGE, e))
        return -1;
    return metrics ? listen_on(w, metrics, "metrics-listen", SERVES_METRICS, e) : 0;
}

/* A random number, or else the time: only what another program had must differ. */
static uint64_t draw_epoch(void)
{
    uint64_t epoch;
    return getrandom(&epoch, sizeof epoch, GRND_NONBLOCK) == sizeof epoch ? epoch : clock_realtime_ns();
}

struct watch *watch_new(const char *metrics, const char *page, struct err *e)
{
    struct watch *w = calloc(1, sizeof *w);
    if (!w) {
        err_set(e, ERR_FAILED, "out of memory for the server");
        return NULL;
    }
    pthread_mutex_init(&w->mutex, NULL);
    atomic_init(&w->n_shown, 0);
    atomic_init(&w->has_ended, false);
    w->waiting_end = &w->waiting;
    w->history.epoch = draw_epoch();
    w->server =
        httpd_new(&(struct httpd_handlers){ .answer = on_request, .woken = on_woken, .payload = w }, e);
    if (w->server && listen_all(w, metrics, page, e) == 0 && httpd_start(w->server, e) == 0)
        return w;
    watch_free(w);
    return NULL;
}

void watch_free(struct watch *w)
{
    if (!w)
        return;
    httpd_free(w->server);
    watch_facts_free(w->current);
    while (w->waiting) {
        struct watch_facts *f = w->waiting;
        w->waiting = f->next;
        watch_facts_free(f);
    }
    watch_history_fini(&w->history);
    pthread_mutex_destroy(&w->mutex);
    free(w);
}

/* When the server's thread was starved for minutes, drops seconds, but never the begin or end of a run. */
void watch_publish(struct watch *w, struct watch_facts *f)
{
    f->next = NULL;
    atomic_store(&w->has_ended, f->end != NULL);
    atomic_store(&w->n_shown, 0);
    pthread_mutex_lock(&w->mutex);
    const bool is_dropped = w->n_waiting >= WAITING_MOST && !f->is_begin && !f->end;
    if (!is_dropped) {
        *w->waiting_end = f;
        w->waiting_end = &f->next;
        w->n_waiting++;
    }
    pthread_mutex_unlock(&w->mutex);
    if (is_dropped)
        watch_facts_free(f);
    else
        httpd_wake(w->server);
}

/* Whether a run ended whose final values were not fetched. */
static bool is_awaited(const struct watch *w)
{
    return atomic_load(&w->has_ended) && atomic_load(&w->n_shown) != w->serves;
}

void watch_linger(struct watch *w, uint64_t most_ns, const atomic_int *stop)
{
    const struct timespec look = { .tv_nsec = LINGER_LOOK_MS * 1000000L };
    const uint64_t start_ns = clock_monotonic_ns();
    char most[UNITS_TEXT_BYTES];
    bool is_said = false;
    for (uint64_t ns = 0; ns < most_ns && is_awaited(w) && !atomic_load(stop);
         ns = clock_monotonic_ns() - start_ns) {
        if (!is_said && ns > LINGER_SAY_NS)
            fprintf(stderr, "the final values are served until they are fetched, for %s at most\n",
                    units_duration_text(most_ns, most));
        is_said |= ns > LINGER_SAY_NS;
        nanosleep(&look, NULL);
    }
}
