#include "postman_auth.h"

#include "draft_headers.h"
#include "json_member.h"
#include "secrets.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

/* A list of keys and values since 2.1, an object before. */
static const char *attribute(const json_t *list, const char *key)
{
    size_t i;
    const json_t *item;
    json_array_foreach(list, i, item) if (strcmp(json_member_text(item, "key"), key) ==
                                          0) return json_member_text(item, "value");
    return json_member_text(list, key);
}

static int add_basic(struct postman_words *w, struct draft_step *s, const json_t *list, struct err *e)
{
    struct arena *a = &w->draft->arena;
    char about[256];
    const char *user = postman_words_template(w, attribute(list, "username"), e);
    const char *password = postman_words_template(w, attribute(list, "password"), e);
    const char *whole = user && password ? arena_format(a, e, "%s:%s", user, password) : NULL;
    if (!whole)
        return -1;
    snprintf(about, sizeof about, "USER:PASSWORD of %.64s", s->name);
    const char *name = secrets_variable(w->draft, "basic_auth", about, words_has(whole) ? NULL : whole, e);
    const char *value = name ? arena_format(a, e, "Basic {env:%s|base64}", name) : NULL;
    return value ? draft_headers_add_default(w->draft, s, "Authorization", value, e) : -1;
}

static int add_bearer(struct postman_words *w, struct draft_step *s, const json_t *list, struct err *e)
{
    const char *token = postman_words_template(w, attribute(list, "token"), e);
    const char *value = token ? arena_format(&w->draft->arena, e, "Bearer %s", token) : NULL;
    return value ? draft_headers_add_default(w->draft, s, "Authorization", value, e) : -1;
}

static int add_key(struct postman_words *w, struct draft_step *s, const json_t *list, struct err *e)
{
    const char *key = attribute(list, "key");
    const char *value = postman_words_template(w, attribute(list, "value"), e);
    if (!value)
        return -1;
    if (!words_has(value)) { /* whatever it is called, it is a secret */
        char about[256];
        snprintf(about, sizeof about, "the API key of %.64s", s->name);
        const char *name = secrets_variable(w->draft, key, about, value, e);
        value = name ? arena_format(&w->draft->arena, e, "{env:%s}", name) : NULL;
    }
    if (!value)
        return -1;
    if (strcmp(attribute(list, "in"), "query") != 0)
        return draft_headers_add_default(w->draft, s, *key ? key : "X-API-Key", value, e);
    s->path =
        arena_format(&w->draft->arena, e, "%s%c%s=%s", s->path, strchr(s->path, '?') ? '&' : '?', key, value);
    return s->path ? 0 : -1;
}

/* A token that Postman would fetch. */
static int add_oauth(struct postman_words *w, struct draft_step *s, struct err *e)
{
    const char *name = secrets_variable(w->draft, "access_token", "the token that OAuth 2 gives", NULL, e);
    const char *value = name ? arena_format(&w->draft->arena, e, "Bearer {env:%s}", name) : NULL;
    return value && draft_headers_add_default(w->draft, s, "Authorization", value, e) == 0
               ? draft_note(w->draft, e, "OAuth 2: fetch a token in `begin`, or set ACCESS_TOKEN")
               : -1;
}

int postman_auth_add(struct postman_words *w, struct draft_step *s, const json_t *auth, struct err *e)
{
    const char *type = json_member_text(auth, "type");
    const json_t *list = json_object_get(auth, type);
    if (!*type || strcmp(type, "noauth") == 0)
        return 0;
    if (strcmp(type, "basic") == 0)
        return add_basic(w, s, list, e);
    if (strcmp(type, "bearer") == 0)
        return add_bearer(w, s, list, e);
    if (strcmp(type, "apikey") == 0)
        return add_key(w, s, list, e);
    if (strcmp(type, "oauth2") == 0)
        return add_oauth(w, s, e);
    return draft_note(w->draft, e, "%s: credentials of kind %.40s", s->name, type);
}
