#include "ssm.h"

#include "aws_call.h"
#include "aws_client.h"
#include "err.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

int ssm_get_parameter(struct aws_client *c, const char *name, char *value, size_t value_bytes, struct err *e)
{
    struct aws_call call;
    json_t *body = json_pack("{s:s}", "Name", name);
    aws_call_init(&call, AWS_SSM, "GetParameter", true);
    call.json = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    int status = call.json ? aws_client_send(c, &call, e) : err_set(e, ERR_FAILED, "out of memory");
    if (status == 0) {
        const char *text =
            json_string_value(json_object_get(json_object_get(call.json_reply, "Parameter"), "Value"));
        if (!text || strlen(text) >= value_bytes)
            status = err_set(e, ERR_FAILED, "SSM GetParameter: the reply has no value");
        else
            snprintf(value, value_bytes, "%s", text);
    }
    aws_call_fini(&call);
    return status;
}
