#include "openapi_security.h"

#include "draft_headers.h"
#include "json_member.h"
#include "openapi_doc.h"
#include "secrets.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* `FORMAT` of a variable called after `wanted`. */
static const char *word(struct draft *d, const char *wanted, const char *scheme, const char *filter,
                        struct err *e)
{
    char about[256];
    snprintf(about, sizeof about, "for the security scheme %.64s", scheme);
    const char *variable = secrets_variable(d, wanted, about, NULL, e);
    return variable ? arena_format(&d->arena, e, "{env:%s%s}", variable, filter) : NULL;
}

static int add_authorization(struct draft *d, struct draft_step *s, const char *kind, const char *value,
                             struct err *e)
{
    const char *whole = value ? arena_format(&d->arena, e, "%s %s", kind, value) : NULL;
    return whole ? draft_headers_add(d, s, s->name, "Authorization", whole, e) : -1;
}

static int add_key(struct draft *d, struct draft_step *s, const char *name, const json_t *scheme,
                   struct err *e)
{
    const char *key = json_member_text(scheme, "name");
    const char *in = json_member_text(scheme, "in");
    const char *value = word(d, name, name, "", e);
    if (!value)
        return -1;
    if (strcmp(in, "header") == 0)
        return draft_headers_add(d, s, s->name, key, value, e);
    if (strcmp(in, "cookie") == 0) {
        const char *cookie = arena_format(&d->arena, e, "%s=%s", key, value);
        return cookie ? draft_headers_add(d, s, s->name, "Cookie", cookie, e) : -1;
    }
    s->path = arena_format(&d->arena, e, "%s%c%s=%s", s->path, strchr(s->path, '?') ? '&' : '?', key, value);
    return s->path ? 0 : -1;
}

static int add_scheme(struct draft *d, struct draft_step *s, const json_t *root, const char *name,
                      struct err *e)
{
    const json_t *schemes = openapi_member(root, json_object_get(root, "components"), "securitySchemes");
    const json_t *scheme = openapi_member(root, schemes, name);
    const char *type = json_member_text(scheme, "type");
    if (strcmp(type, "apiKey") == 0)
        return add_key(d, s, name, scheme, e);
    if (strcmp(type, "http") == 0 && strcasecmp(json_member_text(scheme, "scheme"), "basic") == 0)
        return add_authorization(d, s, "Basic", word(d, "basic_auth", name, "|base64", e), e);
    if (strcmp(type, "http") == 0 || strcmp(type, "oauth2") == 0 || strcmp(type, "openIdConnect") == 0)
        return add_authorization(d, s, "Bearer", word(d, "token", name, "", e), e);
    return draft_note(d, e, "security scheme %.64s: %.40s", name, *type ? type : "it is not described");
}

int openapi_security_add(struct draft *d, struct draft_step *s, const json_t *root, const json_t *operation,
                         struct err *e)
{
    const json_t *own = json_object_get(operation, "security");
    json_t *first = json_array_get(own ? own : json_object_get(root, "security"), 0);
    const char *name;
    json_t *scopes;
    json_object_foreach(first, name, scopes) if (add_scheme(d, s, root, name, e)) return -1;
    return 0;
}
