#include "http_fetch.h"

#include "err.h"
#include "http_network.h"
#include "stop.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_TIMEOUT_MS = 5000, TIMEOUT_MS = 10000 };

struct page {
    char *body;
    size_t capacity_bytes;
    size_t used_bytes;
};

static size_t on_body(char *data, size_t size, size_t n, void *payload)
{
    struct page *p = payload;
    const size_t more = size * n;
    const size_t room = p->capacity_bytes - 1 - p->used_bytes;
    const size_t fits = more < room ? more : room;
    memcpy(p->body + p->used_bytes, data, fits);
    p->used_bytes += fits;
    p->body[p->used_bytes] = '\0';
    return more;
}

/* Polled by libcurl: a stop ends the request. */
static int should_abort(void *payload, curl_off_t down_most, curl_off_t down, curl_off_t up_most,
                        curl_off_t up)
{
    (void)payload;
    (void)down_most;
    (void)down;
    (void)up_most;
    (void)up;
    return stop_is_asked();
}

/* What a handle borrows while it runs. */
struct lists {
    struct curl_slist *headers;
    struct curl_slist *hosts;
};

static CURLcode set_lists(CURL *easy, const struct http_request *r, struct lists *l)
{
    char elsewhere[300];
    for (const char *const *line = r->headers; line && *line; line++) {
        struct curl_slist *longer = curl_slist_append(l->headers, *line);
        if (!longer)
            return CURLE_OUT_OF_MEMORY;
        l->headers = longer;
    }
    if (r->connect_to) {
        snprintf(elsewhere, sizeof elsewhere, "::%s", r->connect_to);
        l->hosts = curl_slist_append(NULL, elsewhere);
    }
    const CURLcode code = curl_easy_setopt(easy, CURLOPT_HTTPHEADER, l->headers);
    return code ? code : curl_easy_setopt(easy, CURLOPT_CONNECT_TO, l->hosts);
}

static CURLcode set_limits(CURL *easy, const struct http_request *r, struct page *page, char *error)
{
    const long timeout_ms = r->timeout_ms ? (long)r->timeout_ms : TIMEOUT_MS;
    const long connect_ms = timeout_ms < CONNECT_TIMEOUT_MS ? timeout_ms : CONNECT_TIMEOUT_MS;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    code = code ? code : curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, should_abort);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    return code ? code : curl_easy_setopt(easy, CURLOPT_WRITEDATA, page);
}

static CURLcode set_any_certificate(CURL *easy)
{
    const CURLcode code = curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    return code ? code : curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
}

static CURLcode set_all(CURL *easy, const struct http_request *r, struct lists *l, struct page *page,
                        char *error)
{
    CURLcode code = easy ? curl_easy_setopt(easy, CURLOPT_URL, r->url) : CURLE_OUT_OF_MEMORY;
    code = code ? code : curl_easy_setopt(easy, CURLOPT_USERAGENT, HTTP_FETCH_USER_AGENT);
    if (!code && r->method)
        code = curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, r->method);
    code = code ? code : set_lists(easy, r, l);
    code = code ? code : (CURLcode)http_network_set(easy, r->ca_bundle);
    if (!code && r->any_certificate)
        code = set_any_certificate(easy);
    if (!code && r->without_proxy)
        code = curl_easy_setopt(easy, CURLOPT_PROXY, "");
    if (!code && r->follows_redirects)
        code = curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    if (!code && r->follows_redirects)
        code = curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    return code ? code : set_limits(easy, r, page, error);
}

static int fail(const struct http_request *r, CURL *easy, CURLcode code, const char *error, struct err *e)
{
    char text[CURL_ERROR_SIZE];
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return err_set(e, ERR_FAILED, "interrupted");
    http_network_text((int)code, error, text, sizeof text);
    const enum http_cause cause = easy ? http_network_cause(easy, (int)code, error) : HTTP_BROKEN;
    const char *advice = http_network_advice(cause);
    err_set(e, ERR_FAILED, "%s%s%s", text, *advice ? "." : "", advice);
    return r->what ? err_prefix(e, "%s", r->what)
                   : err_prefix(e, "%s %s", r->method ? r->method : "GET", r->url);
}

int http_fetch(const struct http_request *request, char *body, size_t body_bytes, long *status, struct err *e)
{
    struct page page = { .body = body, .capacity_bytes = body_bytes };
    struct lists lists = { 0 };
    char error[CURL_ERROR_SIZE] = "";
    CURL *easy = curl_easy_init();

    body[0] = '\0';
    *status = 0;
    CURLcode code = set_all(easy, request, &lists, &page, error);
    code = code ? code : curl_easy_perform(easy);
    if (code == CURLE_OK)
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, status);
    if (request->length_bytes)
        *request->length_bytes = page.used_bytes;
    const int result = code == CURLE_OK ? 0 : fail(request, easy, code, error, e);
    curl_easy_cleanup(easy);
    for (struct curl_slist *h = lists.headers; h; h = h->next)
        explicit_bzero(h->data, strlen(h->data)); /* may hold a token */
    curl_slist_free_all(lists.headers);
    curl_slist_free_all(lists.hosts);
    return result;
}
