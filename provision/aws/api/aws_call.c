#include "aws_call.h"

#include "err.h"
#include "xml_tree.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void aws_call_init(struct aws_call *c, enum aws_service service, const char *action, bool repeatable)
{
    *c = (struct aws_call){ .service = service, .action = action, .repeatable = repeatable };
    if (*aws_services[service].version)
        form_start(&c->form, action, aws_services[service].version);
}

void aws_call_forget_reply(struct aws_call *c)
{
    xml_tree_free(c->reply);
    json_decref(c->json_reply);
    c->reply = NULL;
    c->json_reply = NULL;
    c->failure = (struct aws_failure){ .class = AWS_CLASS_NONE };
}

void aws_call_fini(struct aws_call *c)
{
    aws_call_forget_reply(c);
    form_fini(&c->form);
    free(c->json);
    c->json = NULL;
}

static void fail(struct aws_call *c, enum aws_class class, const char *message)
{
    c->failure.class = class;
    snprintf(c->failure.message, sizeof c->failure.message, "%s", message);
}

static void read_json_reply(struct aws_call *c, const char *body, size_t length_bytes)
{
    c->json_reply = json_loadb(body, length_bytes, 0, NULL);
    if (!json_is_object(c->json_reply)) {
        json_decref(c->json_reply);
        c->json_reply = NULL;
        fail(c, AWS_CLASS_TRANSIENT, "the reply is no JSON object or breaks off");
    }
}

static bool is_reply_to(const struct xml_node *root, const char *action)
{
    const char *name = xml_tree_name(root);
    const size_t length = strlen(action);
    return strncmp(name, action, length) == 0 && strcmp(name + length, "Response") == 0;
}

/* `root` is NULL if the body is not XML. */
static void read_xml_reply(struct aws_call *c, struct xml_node *root, size_t length_bytes)
{
    char message[320];
    if (root && is_reply_to(root, c->action)) {
        c->reply = root;
        return;
    }
    if (!root) {
        fail(c, AWS_CLASS_TRANSIENT,
             length_bytes ? "the reply is no XML or breaks off" : "the reply is empty");
        return;
    }
    snprintf(message, sizeof message, "the reply is a <%.80s> where a <%sResponse> is due",
             xml_tree_name(root), c->action);
    xml_tree_free(root);
    fail(c, AWS_CLASS_NOT_AWS, message);
}

void aws_call_read_reply(struct aws_call *c, long http_status, const char *body, size_t length_bytes)
{
    const bool query = *aws_services[c->service].version;
    struct xml_node *root = query ? xml_tree_parse(body, length_bytes) : NULL;

    c->failure.http_status = http_status;
    if (http_status >= 200 && http_status < 300) {
        if (query)
            read_xml_reply(c, root, length_bytes);
        else
            read_json_reply(c, body, length_bytes);
        return;
    }
    aws_failure_read(&c->failure, root, body, length_bytes);
    xml_tree_free(root);
}

bool aws_call_creates(const struct aws_call *c)
{
    const bool by_name = strncmp(c->action, "Create", 6) == 0 || strcmp(c->action, "RunInstances") == 0;
    return by_name && !(c->form.text && strstr(c->form.text, "&DryRun=true"));
}

int aws_call_error(const struct aws_call *c, struct err *e)
{
    char what[120];
    snprintf(what, sizeof what, "%s %s", aws_services[c->service].name, c->action);
    return aws_failure_error(&c->failure, what, e);
}
