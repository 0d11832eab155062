#include "aws_transfer.h"

#include "err.h"
#include "http_network.h"
#include "secret.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CONNECT_TIMEOUT_MS = 10000, TOTAL_TIMEOUT_MS = 90000 };

int aws_transfer_check_library(struct err *e)
{
    const curl_version_info_data *about = curl_version_info(CURLVERSION_NOW);
    CURL *easy = about->version_num >= 0x075700 ? curl_easy_init() : NULL;
    const bool can_sign =
        easy && curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, "aws:amz:us-east-1:ec2") == CURLE_OK;
    curl_easy_cleanup(easy);
    if (can_sign)
        return 0;
    return err_set(e, ERR_FAILED,
                   "libcurl %s cannot sign requests to AWS: 7.87 or later, built with AWS support, is needed",
                   about->version);
}

static size_t on_body(char *data, size_t size, size_t n, void *payload)
{
    struct aws_transfer *t = payload;
    const size_t more = size * n;
    if (t->body_bytes + more > AWS_REPLY_BYTES_MOST) {
        t->too_large = true;
        return 0;
    }
    if (t->body_bytes + more > t->body_capacity_bytes) {
        const size_t capacity = (t->body_bytes + more) * 2;
        char *larger = realloc(t->body, capacity);
        if (!larger)
            return 0;
        t->body = larger;
        t->body_capacity_bytes = capacity;
    }
    memcpy(t->body + t->body_bytes, data, more);
    t->body_bytes += more;
    return more;
}

static bool header_is(const char *line, size_t length, const char *name, char *value, size_t value_bytes)
{
    const size_t name_length = strlen(name);
    if (length <= name_length || strncasecmp(line, name, name_length) != 0 || line[name_length] != ':')
        return false;
    aws_failure_one_line(line + name_length + 1, length - name_length - 1, value, value_bytes);
    return true;
}

static size_t on_header(char *line, size_t size, size_t n, void *payload)
{
    struct aws_transfer *t = payload;
    const size_t length = size * n;
    char value[80];
    if (header_is(line, length, "x-amzn-requestid", value, sizeof value) ||
        header_is(line, length, "x-amz-request-id", value, sizeof value))
        snprintf(t->request_id, sizeof t->request_id, "%s", value);
    else if (header_is(line, length, "x-amz-retry-after", value, sizeof value))
        t->asked_wait_ms = strtoull(value, NULL, 10);
    else if (header_is(line, length, "retry-after", value, sizeof value))
        t->asked_wait_ms = strtoull(value, NULL, 10) % 3600 * 1000;
    else if (header_is(line, length, "date", value, sizeof value))
        t->server_date_s = curl_getdate(value, NULL) > 0 ? (int64_t)curl_getdate(value, NULL) : 0;
    return length;
}

static int add_header(struct aws_transfer *t, const char *name, const char *value)
{
    const size_t length = strlen(name) + strlen(value) + 3;
    char *line = malloc(length);
    if (!line)
        return -1;
    snprintf(line, length, "%s: %s", name, value);
    struct curl_slist *longer = curl_slist_append(t->headers, line);
    secret_free(line);
    if (!longer)
        return -1;
    t->headers = longer;
    return 0;
}

static int add_headers(struct aws_transfer *t)
{
    const struct aws_call *call = t->call;
    char target[128];
    snprintf(target, sizeof target, "AmazonSSM.%s", call->action);
    if (add_header(t, "Content-Type",
                   call->json ? "application/x-amz-json-1.1"
                              : "application/x-www-form-urlencoded; charset=utf-8") < 0)
        return -1;
    if (call->json && add_header(t, "X-Amz-Target", target) < 0)
        return -1;
    return t->config->credentials.token ? add_header(t, "X-Amz-Security-Token", t->config->credentials.token)
                                        : 0;
}

static CURLcode set_signature(const struct aws_transfer *t)
{
    char scope[160];
    const struct credentials *who = &t->config->credentials;
    /* All four parts: libcurl would guess a missing one from the host name, wrongly for a custom endpoint. */
    snprintf(scope, sizeof scope, "aws:amz:%s:%s", t->config->region,
             aws_services[t->call->service].signing_name);
    CURLcode code = curl_easy_setopt(t->easy, CURLOPT_AWS_SIGV4, scope);
    code = code ? code : curl_easy_setopt(t->easy, CURLOPT_USERNAME, who->key_id);
    return code ? code : curl_easy_setopt(t->easy, CURLOPT_PASSWORD, who->secret);
}

static CURLcode set_request(const struct aws_transfer *t)
{
    const struct aws_call *call = t->call;
    const char *body = call->json ? call->json : call->form.text;
    CURLcode code = curl_easy_setopt(t->easy, CURLOPT_URL, t->config->endpoint[call->service]);
    code = code ? code : curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, (struct curl_slist *)t->headers);
    code = code ? code : curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
    code = code ? code : curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, body);
    /* libcurl resends by itself when a reused connection turns out dead, which a call that is not repeatable
     * must avoid. */
    return code ? code : curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, call->repeatable ? 0L : 1L);
}

static CURLcode set_limits(struct aws_transfer *t)
{
    CURLcode code = curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    code = code ? code : (CURLcode)http_network_set(t->easy, t->config->ca_bundle);
    code = code ? code : curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    code = code ? code : curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    code = code ? code : curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)TOTAL_TIMEOUT_MS);
    code = code ? code : curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
    code = code ? code : curl_easy_setopt(t->easy, CURLOPT_USERAGENT, "loadgen-provision/" LOADGEN_VERSION);
    code = code ? code : curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->error);
    code = code ? code : curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_body);
    code = code ? code : curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
    code = code ? code : curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
    code = code ? code : curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
    return code ? code : curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
}

int aws_transfer_init(struct aws_transfer *t, const struct aws_config *config, struct aws_call *call,
                      struct err *e)
{
    *t = (struct aws_transfer){ .config = config, .call = call };
    if (call->form.failed || (!call->form.text && !call->json))
        return err_set(e, ERR_FAILED, "out of memory");
    t->easy = curl_easy_init();
    if (!t->easy || add_headers(t) < 0)
        return err_set(e, ERR_FAILED, "out of memory");
    CURLcode code = set_request(t);
    code = code ? code : set_limits(t);
    code = code ? code : set_signature(t);
    return code == CURLE_OK
               ? 0
               : err_set(e, ERR_FAILED, "libcurl refuses a setting: %s", curl_easy_strerror(code));
}

static enum aws_class class_of_curl(const struct aws_transfer *t, CURLcode code)
{
    static const enum aws_class classes[] = {
        [HTTP_BROKEN] = AWS_CLASS_TRANSIENT,
        [HTTP_UNREACHABLE] = AWS_CLASS_UNREACHABLE,
        [HTTP_PROXY] = AWS_CLASS_PROXY,
        [HTTP_UNTRUSTED] = AWS_CLASS_UNTRUSTED,
    };
    return t->too_large ? AWS_CLASS_NOT_AWS : classes[http_network_cause(t->easy, (int)code, t->error)];
}

void aws_transfer_finish(struct aws_transfer *t, int curl_code, int64_t now_s)
{
    struct aws_failure *f = &t->call->failure;
    const CURLcode code = (CURLcode)curl_code;
    long status = 0;

    aws_call_forget_reply(t->call);
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    if (t->body)
        credentials_redact_reply(&t->config->credentials, t->body, t->body_bytes);
    if (code == CURLE_OK) {
        aws_call_read_reply(t->call, status, t->body ? t->body : "", t->body_bytes);
    } else {
        f->class = class_of_curl(t, code);
        f->timed_out = code == CURLE_OPERATION_TIMEDOUT;
        if (t->too_large)
            snprintf(f->message, sizeof f->message, "the reply is larger than %d MiB",
                     AWS_REPLY_BYTES_MOST / 1024 / 1024);
        else
            http_network_text((int)code, t->error, f->message, sizeof f->message);
    }
    credentials_redact(&t->config->credentials, f->message);
    if (!*f->request_id)
        snprintf(f->request_id, sizeof f->request_id, "%s", t->request_id);
    if (t->server_date_s > 0)
        f->clock_ahead_s = (long)(now_s - t->server_date_s);
}

void aws_transfer_fini(struct aws_transfer *t)
{
    curl_easy_cleanup(t->easy);
    for (struct curl_slist *h = t->headers; h; h = h->next)
        secret_wipe(h->data, strlen(h->data));
    curl_slist_free_all(t->headers);
    free(t->body);
    *t = (struct aws_transfer){ 0 };
}
