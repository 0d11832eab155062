#include "aws_client.h"

#include "aws_transfer.h"
#include "clock.h"
#include "err.h"
#include "xml_tree.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum { LOOKS_QUIET = 4, PAGES_MOST = 1000, TOKEN_BYTES = 8192, POLL_MOST_MS = 200 };

#define STOP_PATIENCE_NS (3 * NS_PER_S) /* for replies to creations in flight */

/* A call in flight: running, waiting for its next attempt, or done. */
struct flight {
    struct aws_transfer transfer;
    struct aws_call *call;
    struct retry_call retry;
    uint64_t due_ns;
    bool running;
    bool done;
};

int aws_client_init(struct aws_client *c, struct aws_config *config, double time_scale,
                    const atomic_int *stop, struct err *e)
{
    uint64_t seed = clock_realtime_ns();
    *c = (struct aws_client){ .config = config, .time_scale = time_scale, .stop = stop };
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(c->multi = curl_multi_init()))
        return err_set(e, ERR_FAILED, "libcurl cannot be started");
    if (TEMP_FAILURE_RETRY(getrandom(&seed, sizeof seed, 0)) < 0)
        seed = clock_monotonic_ns();
    random_init(&c->random, seed, 0);
    retry_bucket_init(&c->bucket);
    return aws_transfer_check_library(e);
}

void aws_client_fini(struct aws_client *c)
{
    if (c->multi) {
        curl_multi_cleanup(c->multi);
        curl_global_cleanup();
    }
    c->multi = NULL;
}

bool aws_client_is_young(uint64_t made_ns, uint64_t realtime_ns)
{
    return made_ns + AWS_CLIENT_LAG_NS > realtime_ns && made_ns < realtime_ns + AWS_CLIENT_LAG_NS;
}

static bool is_stopped(const struct aws_client *c)
{
    return c->stop && *c->stop;
}

static void give_up(struct flight *f, enum aws_class class, const char *message)
{
    f->done = true;
    f->call->failure.class = class;
    snprintf(f->call->failure.message, sizeof f->call->failure.message, "%.500s", message);
}

static void start(struct aws_client *c, struct flight *f)
{
    struct err e = { ERR_NONE, "" };
    if (is_stopped(c)) {
        give_up(f, AWS_CLASS_STOPPED, "interrupted");
        return;
    }
    if (aws_transfer_init(&f->transfer, c->config, f->call, &e) < 0 ||
        curl_multi_add_handle(c->multi, f->transfer.easy) != CURLM_OK) {
        give_up(f, AWS_CLASS_OTHER, *e.text ? e.text : "libcurl does not take the request");
        aws_transfer_fini(&f->transfer);
        return;
    }
    f->running = true;
}

/* Explains the delay to the user. */
static void show_lag(struct aws_client *c, const struct aws_call *call)
{
    char text[320];
    snprintf(text, sizeof text, "%s: %s: waiting up to two minutes until AWS finds what was made moments ago",
             call->action, call->failure.code);
    if (c->show)
        c->show(c->show_payload, text);
}

static void finish(struct aws_client *c, struct flight *f, int curl_code)
{
    uint64_t wait_ns = 0;
    aws_transfer_finish(&f->transfer, curl_code, (int64_t)(clock_realtime_ns() / NS_PER_S));
    const uint64_t asked_wait_ms = f->transfer.asked_wait_ms;
    curl_multi_remove_handle(c->multi, f->transfer.easy);
    aws_transfer_fini(&f->transfer);
    f->running = false;
    c->reached = c->reached || f->call->failure.class == AWS_CLASS_NONE;
    if (f->call->failure.class == AWS_CLASS_NONE) {
        retry_succeeded(&c->bucket, &f->retry);
        f->done = true;
        return;
    }
    f->done = !retry_decide(&c->bucket, &f->retry, &f->call->failure, random_uniform(&c->random),
                            asked_wait_ms, &wait_ns);
    f->call->failure.maybe_done = f->retry.n_failures[AWS_CLASS_TRANSIENT] > 0;
    f->due_ns = clock_monotonic_ns() + (uint64_t)((double)wait_ns * c->time_scale);
    if (f->call->failure.class == AWS_CLASS_MISSING && f->retry.n_failures[AWS_CLASS_MISSING] == LOOKS_QUIET)
        show_lag(c, f->call);
}

/* Gives up on a reply after a stop. What the call may have created is found by its tags. */
static void abandon(struct aws_client *c, struct flight *f)
{
    curl_multi_remove_handle(c->multi, f->transfer.easy);
    aws_transfer_fini(&f->transfer);
    f->running = false;
    give_up(f, AWS_CLASS_STOPPED, "interrupted before the reply came");
    f->call->failure.maybe_done = true;
}

/* Finishes the transfers that ended; returns their number. */
static int collect(struct aws_client *c)
{
    int n_left;
    int n_ended = 0;
    for (CURLMsg *m; (m = curl_multi_info_read(c->multi, &n_left));) {
        struct aws_transfer *t = NULL;
        if (m->msg != CURLMSG_DONE)
            continue;
        const int code = (int)m->data.result;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t);
        finish(c, (struct flight *)(void *)t, code); /* the transfer is the flight's first member */
        n_ended++;
    }
    return n_ended;
}

/* Abandons what a stop does not wait for. */
static void heed_stop(struct aws_client *c, struct flight *flights, size_t n, uint64_t now_ns)
{
    const bool is_news = c->stopped_ns == 0;
    const struct aws_call *awaited = NULL;
    if (is_news)
        c->stopped_ns = now_ns;
    for (size_t i = 0; i < n; i++) {
        if (!flights[i].running)
            continue;
        if (!aws_call_creates(flights[i].call) || now_ns > c->stopped_ns + STOP_PATIENCE_NS)
            abandon(c, &flights[i]);
        else
            awaited = flights[i].call;
    }
    if (is_news && awaited && c->show) {
        char text[160];
        snprintf(text, sizeof text, "interrupted: waiting up to %d s for the reply to %s",
                 (int)(STOP_PATIENCE_NS / NS_PER_S), awaited->action);
        c->show(c->show_payload, text);
    }
}

/* Starts what is due. Returns how many milliseconds to wait for an event, or -1 when all is done. */
static int start_due(struct aws_client *c, struct flight *flights, size_t n)
{
    const uint64_t now_ns = clock_monotonic_ns();
    int wait_ms = -1;
    if (is_stopped(c))
        heed_stop(c, flights, n, now_ns);
    for (size_t i = 0; i < n; i++) {
        struct flight *f = &flights[i];
        if (!f->done && !f->running && (f->due_ns <= now_ns || is_stopped(c)))
            start(c, f);
        if (f->done)
            continue;
        const uint64_t left_ms = f->running ? POLL_MOST_MS : (f->due_ns - now_ns) / NS_PER_MS + 1;
        const int mine_ms = left_ms < POLL_MOST_MS ? (int)left_ms : POLL_MOST_MS;
        wait_ms = wait_ms < 0 || mine_ms < wait_ms ? mine_ms : wait_ms;
    }
    return wait_ms;
}

int aws_client_send_all(struct aws_client *c, struct aws_call *calls, size_t n, struct err *e)
{
    struct flight *flights = calloc(n ? n : 1, sizeof *flights);
    struct err cause;
    if (!flights)
        return err_set(e, ERR_FAILED, "out of memory");
    const bool may_lag = aws_client_is_young(c->known_ns, clock_realtime_ns());
    /* Not while calls are in flight: they borrow the credentials. */
    const int renewed = aws_config_renew(c->config, (int64_t)(clock_realtime_ns() / NS_PER_S), &cause);
    for (size_t i = 0; i < n; i++) {
        flights[i].call = &calls[i];
        flights[i].retry = (struct retry_call){ .repeatable = calls[i].repeatable,
                                                .reached = c->reached,
                                                .may_lag = may_lag && !calls[i].may_be_missing };
        if (renewed < 0)
            give_up(&flights[i], AWS_CLASS_CREDENTIALS, cause.text);
    }
    for (int wait_ms; (wait_ms = start_due(c, flights, n)) >= 0;) {
        int n_running;
        curl_multi_perform(c->multi, &n_running);
        if (collect(c) == 0)
            curl_multi_poll(c->multi, NULL, 0, wait_ms, NULL);
    }
    free(flights);
    for (size_t i = 0; i < n; i++)
        if (calls[i].failure.class != AWS_CLASS_NONE) {
            c->failure = calls[i].failure;
            return aws_call_error(&calls[i], e);
        }
    return 0;
}

int aws_client_send(struct aws_client *c, struct aws_call *call, struct err *e)
{
    return aws_client_send_all(c, call, 1, e);
}

int aws_client_pages(struct aws_client *c, struct aws_call *call, const char *token_name,
                     const char *token_path, aws_client_page_fn *take, void *payload, struct err *e)
{
    char token[TOKEN_BYTES] = "";
    const size_t first_bytes = call->form.length_bytes;
    for (int page = 0; page < PAGES_MOST; page++) {
        char next[TOKEN_BYTES];
        if (aws_client_send(c, call, e) < 0 || take(payload, call->reply, e) < 0)
            return -1;
        const size_t length = xml_tree_text(call->reply, token_path, next, sizeof next);
        if (length == 0)
            return 0;
        if (length >= sizeof next || strcmp(next, token) == 0)
            break;
        memcpy(token, next, sizeof token);
        form_cut(&call->form, first_bytes);
        form_add(&call->form, token_name, token);
    }
    return err_set(e, ERR_FAILED, "%s %s: the list does not end", aws_services[call->service].name,
                   call->action);
}

int aws_client_pause(const struct aws_client *c, uint64_t wait_ns, struct err *e)
{
    const uint64_t until_ns = clock_monotonic_ns() + (uint64_t)((double)wait_ns * c->time_scale);
    for (uint64_t now_ns; (now_ns = clock_monotonic_ns()) < until_ns;) {
        if (is_stopped(c))
            break;
        const uint64_t left_ns = until_ns - now_ns;
        const uint64_t nap_ns = left_ns < 100 * NS_PER_MS ? left_ns : 100 * NS_PER_MS;
        nanosleep(&(struct timespec){ .tv_nsec = (long)nap_ns }, NULL);
    }
    return is_stopped(c) ? err_set(e, ERR_FAILED, "interrupted") : 0;
}
