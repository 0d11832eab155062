/* The jar sends what libcurl's sends, for random cookies on random paths. libcurl talks to this test over
 * the loopback interface. Left out is where it differs from RFC 6265 on purpose: it takes the slash off the
 * end of a path, and orders cookies of equally long paths by their names. */
#include "cm.h"
#include "cookie_jar.h"
#include "random.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { N_USERS = 60, N_REQUESTS = 40, FIELDS_MOST = 4, TEXT_BYTES = 4096 };

struct browser {
    CURLM *multi;
    CURL *easy;
    struct curl_slist *route;
    int listener;
    int far_end; /* the server's end of the connection; -1: there is none yet */
};

static size_t on_body(char *at, size_t size, size_t n, void *of)
{
    (void)at;
    (void)of;
    return size * n;
}

static int listen_somewhere(uint16_t *port)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof at;
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static void browser_open(struct browser *b, const char *host)
{
    char route[100];
    uint16_t port;
    b->far_end = -1;
    b->listener = listen_somewhere(&port);
    b->multi = curl_multi_init();
    b->easy = curl_easy_init();
    assert_true(b->multi && b->easy);
    snprintf(route, sizeof route, "%s:80:127.0.0.1:%u", host, port);
    b->route = curl_slist_append(NULL, route);
    curl_easy_setopt(b->easy, CURLOPT_CONNECT_TO, b->route);
    curl_easy_setopt(b->easy, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(b->easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(b->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(b->easy, CURLOPT_WRITEFUNCTION, on_body);
}

static void browser_close(struct browser *b)
{
    curl_easy_cleanup(b->easy);
    curl_multi_cleanup(b->multi);
    curl_slist_free_all(b->route);
    close(b->far_end);
    close(b->listener);
}

static int perform(struct browser *b)
{
    int n_running;
    assert_int_equal(curl_multi_perform(b->multi, &n_running), CURLM_OK);
    return n_running;
}

/* Sends a request, takes its Cookie field into `cookies`, and answers it. */
static void ask(struct browser *b, const char *host, const char *path, const char *answer, char *cookies)
{
    static char request[64 * 1024];
    char url[300];
    size_t n = 0;
    snprintf(url, sizeof url, "http://%s%s", host, path);
    curl_easy_setopt(b->easy, CURLOPT_URL, url);
    assert_int_equal(curl_multi_add_handle(b->multi, b->easy), CURLM_OK);
    do {
        perform(b);
        if (b->far_end < 0)
            b->far_end = accept(b->listener, NULL, NULL);
        const ssize_t got =
            b->far_end >= 0 ? recv(b->far_end, request + n, sizeof request - 1 - n, MSG_DONTWAIT) : 0;
        n += got > 0 ? (size_t)got : 0;
        request[n] = '\0';
    } while (!strstr(request, "\r\n\r\n"));
    const char *field = strstr(request, "\r\nCookie: ");
    snprintf(cookies, TEXT_BYTES, "%.*s", field ? (int)strcspn(field + 10, "\r") : 0,
             field ? field + 10 : "");
    assert_int_equal(send(b->far_end, answer, strlen(answer), 0), strlen(answer));
    while (perform(b) > 0)
        ;
    curl_multi_remove_handle(b->multi, b->easy);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void assert_same_cookies(char *ours, char *theirs)
{
    char *a[COOKIES_MOST], *b[COOKIES_MOST];
    size_t n_a = 0, n_b = 0;
    char *rest;
    for (char *word = strtok_r(ours, ";", &rest); word; word = strtok_r(NULL, ";", &rest))
        a[n_a++] = word + strspn(word, " ");
    for (char *word = strtok_r(theirs, ";", &rest); word; word = strtok_r(NULL, ";", &rest))
        b[n_b++] = word + strspn(word, " ");
    qsort(a, n_a, sizeof *a, by_text);
    qsort(b, n_b, sizeof *b, by_text);
    assert_int_equal(n_a, n_b);
    for (size_t i = 0; i < n_a; i++)
        assert_string_equal(a[i], b[i]);
}

static const char *one_of(struct random *random, const char *const *words, size_t n)
{
    return words[random_below(random, n)];
}

static void make_field(struct random *random, char *out)
{
    static const char *const names[] = { "a", "b", "sid", "A b", "x-y", "__c", "\"q\"" };
    static const char *const values[] = { "",    "1",   "two",         "a=b=c", "\"quoted\"",
                                          " x ", "x y", "%20\xc3\xa9", "{}",    "a,b" };
    static const char *const attributes[] = { "Path=/",
                                              "path=/a",
                                              "PATH=/a/b",
                                              "Path=/ab",
                                              "Path=/a/b/c",
                                              "domain=.example.com",
                                              "Domain=EXAMPLE.com",
                                              "Domain=com",
                                              "Domain=other.com",
                                              "Domain=x.shop.example.com",
                                              "Max-Age=100",
                                              "max-age=0",
                                              "Max-Age=-1",
                                              "Max-Age=99999999999",
                                              "Expires=Thu, 01 Jan 1970 00:00:01 GMT",
                                              "expires=Wed, 09 Jun 2100 10:18:14 GMT",
                                              "Expires=Wednesday, 09-Jun-99 10:18:14 GMT",
                                              "Secure",
                                              "HttpOnly",
                                              "SameSite=Lax",
                                              "unknown",
                                              "" };
    out += sprintf(out, "%s%s=%s", one_of(random, (const char *const[]){ "", " " }, 2),
                   one_of(random, names, N_OF(names)), one_of(random, values, N_OF(values)));
    bool has_domain = false;
    for (uint64_t n = random_below(random, 4); n > 0; n--) {
        const char *attribute = one_of(random, attributes, N_OF(attributes));
        const bool is_domain = strncasecmp(attribute, "domain", 6) == 0;
        if (!is_domain || !has_domain)
            out +=
                sprintf(out, ";%s%s", one_of(random, (const char *const[]){ "", " ", "  " }, 3), attribute);
        has_domain |= is_domain;
    }
}

static void one_user(struct random *random)
{
    static const char host[] = "shop.example.com";
    static const char *const targets[] = { "/",    "/a",     "/a/",      "/ab/c",
                                           "/a/b", "/a/b/c", "/a/b/c/d", "/a/b?x=/y/z" };
    struct browser browser;
    struct cookie_jar jar = { 0 };
    struct cookie_origin origin;
    browser_open(&browser, host);
    cookie_origin_init(&origin, host, false);
    for (int i = 0; i < N_REQUESTS; i++) {
        char fields[FIELDS_MOST][TEXT_BYTES / 8], answer[TEXT_BYTES] = "HTTP/1.1 200 OK\r\n";
        char ours[TEXT_BYTES], theirs[TEXT_BYTES];
        const char *path = one_of(random, targets, N_OF(targets));
        const size_t n_fields = random_below(random, FIELDS_MOST + 1);
        for (size_t k = 0; k < n_fields; k++) {
            make_field(random, fields[k]);
            sprintf(answer + strlen(answer), "Set-Cookie:%s\r\n", fields[k]);
        }
        strcat(answer, "Content-Length: 2\r\n\r\nok");
        ask(&browser, host, path, answer, theirs);
        ours[cookie_jar_write(&jar, path, strlen(path), time(NULL), ours, sizeof ours)] = '\0';
        assert_same_cookies(ours, theirs);
        for (size_t k = 0; k < n_fields; k++)
            cookie_jar_set(&jar, &origin, fields[k], strlen(fields[k]), time(NULL));
    }
    cookie_jar_fini(&jar);
    browser_close(&browser);
}

static void the_jar_sends_what_curls_sends(void **state)
{
    struct random random;
    (void)state;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    random_init(&random, 1, 0);
    for (int i = 0; i < N_USERS; i++)
        one_user(&random);
    curl_global_cleanup();
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_jar_sends_what_curls_sends) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
