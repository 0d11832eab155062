#include "http_get.h"

#include "err.h"
#include "stop.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int http_get(const char *url, const char *connect_to, const char *ca_file, char *body, size_t body_bytes,
             long *status, struct err *e)
{
    struct page page = { .body = body, .capacity_bytes = body_bytes };
    char elsewhere[300];
    struct curl_slist *hosts = NULL;
    CURL *easy = curl_easy_init();
    CURLcode code = easy ? curl_easy_setopt(easy, CURLOPT_URL, url) : CURLE_OUT_OF_MEMORY;

    body[0] = '\0';
    *status = 0;
    if (easy && connect_to) {
        snprintf(elsewhere, sizeof elsewhere, "::%s", connect_to);
        hosts = curl_slist_append(NULL, elsewhere);
        code = code ? code : curl_easy_setopt(easy, CURLOPT_CONNECT_TO, hosts);
    }
    if (ca_file)
        code = code ? code : curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_USERAGENT, HTTP_GET_USER_AGENT);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    code = code ? code : curl_easy_setopt(easy, CURLOPT_NOPROXY, "127.0.0.1,localhost,::1");
    code = code ? code : curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 10000L);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, should_abort);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_WRITEDATA, &page);
    code = code ? code : curl_easy_perform(easy);
    if (code == CURLE_OK)
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, status);
    curl_easy_cleanup(easy);
    curl_slist_free_all(hosts);
    return code == CURLE_OK ? 0 : err_set(e, ERR_FAILED, "GET %s: %s", url, curl_easy_strerror(code));
}
