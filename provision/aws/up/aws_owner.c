#include "aws_owner.h"

#include "aws_session.h"
#include "deployment.h"
#include "err.h"
#include "provider.h"
#include "settings.h"

#include <ctype.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TAG_KIND "tag"

/* Replaces what the value of a tag may not have. */
static void make_value(char *text)
{
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr(" +-=._:/@", *text))
            *text = '_';
}

static void name_owner(const struct aws_session *s, char *out, size_t out_bytes)
{
    char host[64] = "";
    const struct passwd *user = getpwuid(getuid());
    const char *slash = strrchr(s->caller.arn, '/');
    const char *colon = strrchr(s->caller.arn, ':');
    const char *caller = slash ? slash + 1 : colon ? colon + 1 : "unknown";
    (void)gethostname(host, sizeof host - 1);
    host[strcspn(host, ".")] = '\0';
    if (user && *user->pw_name && *host)
        snprintf(out, out_bytes, "%.64s@%s as %.64s", user->pw_name, host, caller);
    else
        snprintf(out, out_bytes, "%.64s", caller);
    make_value(out);
}

static int record_tag(struct aws_session *s, const char *text, struct err *e)
{
    size_t key_bytes;
    if (aws_user_tags_check(text, &key_bytes, e) < 0)
        return -1;
    char *key = strndup(text, key_bytes);
    if (!key)
        return err_set(e, ERR_FAILED, "out of memory");
    const int status = deployment_find_resource(s->deployment, TAG_KIND, key)
                           ? err_set(e, ERR_INPUT, "--tag '%s': this key is given twice", text)
                           : aws_session_remember(s, TAG_KIND, key, "value", text + key_bytes + 1, e);
    free(key);
    return status;
}

int aws_owner_record(struct aws_session *s, struct err *e)
{
    const struct option_list *tags = &s->context->settings->tags;
    name_owner(s, s->deployment->owner, sizeof s->deployment->owner);
    if (tags->n > AWS_USER_TAGS_MOST)
        return err_set(e, ERR_INPUT,
                       "--tag is given %zu times: AWS allows 50 tags, and %d of them are loadgen's", tags->n,
                       50 - AWS_USER_TAGS_MOST);
    for (size_t i = 0; i < tags->n; i++)
        if (record_tag(s, tags->items[i], e) < 0)
            return -1;
    return 0;
}

static void recall_user_tags(const struct deployment *d, struct aws_user_tags *tags)
{
    tags->n = 0;
    for (size_t i = 0; i < d->n_resources && tags->n < AWS_USER_TAGS_MOST; i++) {
        const struct deployment_resource *r = &d->resources[i];
        const char *kind = deployment_resource_get(r, "kind");
        const char *key = deployment_resource_get(r, "role");
        const char *value = deployment_resource_get(r, "value");
        if (kind && strcmp(kind, TAG_KIND) == 0 && key && value)
            tags->items[tags->n++] = (struct aws_user_tag){ key, value };
    }
}

struct aws_tags aws_owner_tags(struct aws_session *s, const char *role, double usd_per_hour)
{
    const struct deployment *d = s->deployment;
    struct aws_tags tags = { .usd_per_hour = usd_per_hour, .user = &s->user_tags };
    recall_user_tags(d, &s->user_tags);
    snprintf(tags.run, sizeof tags.run, "%s", d->run_id);
    snprintf(tags.role, sizeof tags.role, "%s", role);
    snprintf(tags.owner, sizeof tags.owner, "%s", d->owner);
    snprintf(tags.created_utc, sizeof tags.created_utc, "%.31s", d->created_utc);
    return tags;
}
