#include "role_reply.h"

#include "credentials.h"
#include "err.h"
#include "secret.h"

#include <jansson.h>
#include <string.h>
#include <time.h>

/* "2026-11-29T12:00:00Z", with or without a fraction. Returns the seconds since the epoch, or -1. */
static int64_t read_time(const char *text)
{
    struct tm tm = { 0 };
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    if (rest && *rest == '.')
        rest += 1 + strspn(rest + 1, "0123456789");
    return rest && (strcmp(rest, "Z") == 0 || strcmp(rest, "+00:00") == 0) ? (int64_t)timegm(&tm) : -1;
}

static const char *member(const json_t *reply, const char *name)
{
    const char *text = json_string_value(json_object_get(reply, name));
    return text && *text ? text : NULL;
}

static int refuse(const json_t *reply, const char *source, struct err *e)
{
    const char *code = member(reply, "Code");
    const char *message = member(reply, "Message");
    message = message ? message : member(reply, "message");
    if (code || message)
        return err_set(e, ERR_FAILED, "%s has no credentials: %.80s%s%.200s", source, code ? code : "",
                       code && message ? ": " : "", message ? message : "");
    return err_set(e, ERR_FAILED, "the service for %s replied with something else than credentials", source);
}

static int read_object(const json_t *reply, struct credentials *c, struct err *e)
{
    const struct credentials_parts parts = { member(reply, "AccessKeyId"), member(reply, "SecretAccessKey"),
                                             member(reply, "Token") };
    const char *expires = member(reply, "Expiration");
    const int64_t expires_s = expires ? read_time(expires) : 0;
    if (!parts.key_id || !parts.secret || expires_s < 0)
        return refuse(reply, c->source, e);
    c->expires_s = expires_s;
    return credentials_take(c, &parts, e);
}

/* The object is owned by role_reply_read alone, and ends there. */
static void wipe_texts(json_t *reply)
{
    const char *name;
    json_t *value;
    json_object_foreach(reply, name, value)
    {
        if (json_is_string(value))
            secret_wipe((char *)(uintptr_t)json_string_value(value), json_string_length(value));
    }
}

int role_reply_read(const char *text, size_t length_bytes, struct credentials *c, struct err *e)
{
    json_t *reply = json_loadb(text, length_bytes, 0, NULL);
    const int status = read_object(reply, c, e);
    wipe_texts(reply);
    json_decref(reply);
    return status;
}
