#include "credentials.h"
#include "err.h"
#include "files.h"
#include "http_fetch.h"
#include "role.h"
#include "role_reply.h"
#include "secret.h"
#include "stop.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPLY_BYTES = 32 * 1024, TOKEN_BYTES = 8 * 1024 };

#define ATTEMPT_PAUSE_NS (1 * NS_PER_S)

#define TOKEN_PATH  "latest/api/token"
#define ROLES_PATH  "latest/meta-data/iam/security-credentials/"
#define TOKEN_HOURS "x-aws-ec2-metadata-token-ttl-seconds: 21600"

/* Fetches a page with status 200 and something in it; the body is NUL-terminated. */
static int ask(const struct role *r, struct http_request *request, char *body, size_t body_bytes,
               struct err *e)
{
    long status = 0;
    request->timeout_ms = r->timeout_ms;
    request->without_proxy = true;
    request->what = r->kind == ROLE_OF_INSTANCE ? "the metadata service" : "its credentials service";
    for (unsigned i = 1;; i++) {
        const int fetched = http_fetch(request, body, body_bytes, &status, e);
        if (fetched == 0 && status == 200 && *body)
            return 0;
        if (fetched == 0)
            err_set(e, ERR_FAILED, "%s answers with status %ld%s", request->what, status,
                    *body ? "" : " and nothing");
        const bool is_refusal = fetched == 0 && status >= 400 && status < 500;
        if (i == r->n_attempts || is_refusal)
            return -1;
        stop_rest(ATTEMPT_PAUSE_NS);
        if (stop_is_asked())
            return -1;
    }
}

/* A token goes into a header line of its own. */
static int check_token(const char *token, const char *source, struct err *e)
{
    for (const char *at = token; *at; at++)
        if ((unsigned char)*at < ' ' || (unsigned char)*at >= 127)
            return err_set(e, ERR_INPUT, "%s holds a character that cannot be part of a token", source);
    return 0;
}

static int container_header(const struct role *r, char *line, size_t line_bytes, struct err *e)
{
    char *text = NULL;
    size_t length = 0;
    const char *source =
        *r->token_file ? "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" : "AWS_CONTAINER_AUTHORIZATION_TOKEN";
    *line = '\0';
    if (*r->token_file && files_read(r->token_file, TOKEN_BYTES, &text, &length, e) < 0)
        return err_prefix(e, "%s", source);
    while (length > 0 && strchr("\r\n", text[length - 1]))
        text[--length] = '\0';
    const char *token = *r->token_file ? text : r->token;
    int status = 0;
    if (token && *token) {
        status = check_token(token, source, e);
        if (status == 0 && (size_t)snprintf(line, line_bytes, "Authorization: %s", token) >= line_bytes)
            status = err_set(e, ERR_INPUT, "the token of %s is too long", source);
    }
    secret_free(text);
    return status;
}

static int fetch_container(const struct role *r, char *body, struct err *e)
{
    char authorization[TOKEN_BYTES + 32];
    int status = container_header(r, authorization, sizeof authorization, e);
    const char *const headers[] = { "Accept: application/json", *authorization ? authorization : NULL, NULL };
    struct http_request request = { .url = r->url, .headers = headers };
    if (status == 0)
        status = ask(r, &request, body, REPLY_BYTES, e);
    secret_wipe(authorization, sizeof authorization);
    return status;
}

/* Cuts the first line out of the list of roles, which has one, and checks that it can be part of a URL. */
static bool is_role_name(char *text)
{
    text[strcspn(text, "\r\n")] = '\0';
    const size_t length =
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+=,.@_-");
    return length > 0 && length < 200 && text[length] == '\0';
}

/* Writes the header line that version 2 of the metadata service asks for. Its token comes from a PUT, so that
 * a request forged through this machine gets nothing. */
static int instance_header(const struct role *r, char *line, size_t line_bytes, char *body, struct err *e)
{
    static const char *const headers[] = { TOKEN_HOURS, NULL };
    char url[ROLE_URL_BYTES + 32];
    snprintf(url, sizeof url, "%s" TOKEN_PATH, r->url);
    struct http_request request = { .url = url, .method = "PUT", .headers = headers };
    if (ask(r, &request, body, REPLY_BYTES, e) < 0 ||
        check_token(body, "the token of the metadata service", e) < 0)
        return -1;
    if ((size_t)snprintf(line, line_bytes, "x-aws-ec2-metadata-token: %s", body) >= line_bytes)
        return err_set(e, ERR_FAILED, "the token of the metadata service is too long");
    return 0;
}

static int fetch_instance(const struct role *r, char *body, struct err *e)
{
    char url[ROLE_URL_BYTES + 300];
    char token[512];
    const char *const headers[] = { token, NULL };
    struct http_request request = { .url = url, .headers = headers };
    int status = instance_header(r, token, sizeof token, body, e);
    snprintf(url, sizeof url, "%s" ROLES_PATH, r->url);
    if (status == 0)
        status = ask(r, &request, body, REPLY_BYTES, e);
    if (status == 0 && !is_role_name(body))
        status = err_set(e, ERR_FAILED, "the metadata service names no role");
    if (status == 0) {
        snprintf(url, sizeof url, "%s" ROLES_PATH "%.200s", r->url, body);
        status = ask(r, &request, body, REPLY_BYTES, e);
    }
    secret_wipe(token, sizeof token);
    return status;
}

int role_fetch(const struct role *r, struct credentials *c, struct err *e)
{
    char *body = malloc(REPLY_BYTES);
    if (!body)
        return err_set(e, ERR_FAILED, "out of memory");
    snprintf(c->source, sizeof c->source, "%s", role_name(r));
    int status = r->kind == ROLE_OF_CONTAINER ? fetch_container(r, body, e) : fetch_instance(r, body, e);
    if (status < 0)
        err_prefix(e, "%s has no credentials", role_name(r));
    else
        status = role_reply_read(body, strlen(body), c, e);
    secret_wipe(body, REPLY_BYTES);
    free(body);
    return status;
}
