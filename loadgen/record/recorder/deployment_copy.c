#include "deployment_copy.h"

#include "files.h"
#include "json_out.h"
#include "json_tree.h"
#include "plan.h"

#include <stdbool.h>
#include <string.h>

static bool is_in(const char *word, const char *const *list)
{
    while (*list && !(word && strcmp(word, *list) == 0))
        list++;
    return *list != NULL;
}

/* An ARN without its account: arn:PARTITION:SERVICE:REGION:ACCOUNT:REST. */
static json_t *without_account(const char *arn)
{
    const char *account = arn;
    for (int i = 0; i < 4 && account; i++)
        account = strchr(account, ':') ? strchr(account, ':') + 1 : NULL;
    const char *rest = account ? strchr(account, ':') : NULL;
    return rest ? json_sprintf("%.*s%s", (int)(account - arn), arn, rest) : json_string(arn);
}

static json_t *copy_value(json_t *value);

/* The members in `kept`, or all of them for NULL. */
static json_t *copy_object(json_t *from, const char *const *kept)
{
    json_t *to = json_object(), *value;
    const char *key;
    json_object_foreach(from, key, value)
    {
        if (!kept || is_in(key, kept))
            json_tree_set(&to, key, copy_value(value));
    }
    return to;
}

static json_t *copy_value(json_t *value)
{
    const char *text = json_string_value(value);
    if (text && strncmp(text, "arn:", 4) == 0)
        return without_account(text);
    if (json_is_object(value))
        return copy_object(value, NULL);
    if (!json_is_array(value))
        return json_incref(value);
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(value); i++)
        json_tree_append(&list, copy_value(json_array_get(value, i)));
    return list;
}

/* Those of the lab, which has no account, and those by which CloudWatch names a balancer's metrics. */
static json_t *copy_resources(const json_t *from, bool *is_redacted)
{
    static const char *const kept[] = { "process", "folder", "log", "load-balancer", "target-group", NULL };
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(from); i++) {
        json_t *resource = json_array_get(from, i);
        if (is_in(json_string_value(json_object_get(resource, "kind")), kept))
            json_tree_append(&list, copy_value(resource));
        else
            *is_redacted = true;
    }
    return list;
}

static json_t *redact(json_t *from)
{
    static const char *const kept[] = { "schema_version",
                                        "provider",
                                        "emulated",
                                        "run_id",
                                        "state",
                                        "created_utc",
                                        "expires_utc",
                                        "topology",
                                        "region",
                                        "app",
                                        "image",
                                        "url",
                                        "ca_file",
                                        "price_usd_per_hour",
                                        "prices_as_of",
                                        "load_balancer",
                                        "clusters",
                                        "instances",
                                        NULL };
    static const char *const kept_of_generator[] = { "id", "instance_type", "zone", "user", NULL };
    bool is_redacted = false;
    json_t *generator = json_object_get(from, "generator");
    json_t *to = copy_object(from, kept);
    json_tree_set(&to, "generator",
                  json_is_object(generator) ? copy_object(generator, kept_of_generator) : json_null());
    json_tree_set(&to, "resources", copy_resources(json_object_get(from, "resources"), &is_redacted));
    json_tree_set(&to, "redacted", json_boolean(is_redacted));
    return to;
}

int deployment_copy_write(const struct plan_deployment *d, const char *path, struct err *e)
{
    if (d->is_copied_whole)
        return files_write(path, d->json, strlen(d->json), 0600, e);
    json_t *whole = json_loads(d->json, 0, NULL);
    json_t *copy = whole ? redact(whole) : NULL;
    const int status = json_out_file(path, 0644, copy, e);
    json_decref(copy);
    json_decref(whole);
    return status;
}
