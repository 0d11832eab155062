#include "ec2_tags.h"

#include "aws_call.h"

void ec2_tags_set(struct aws_call *call, const char *id, const char *key, const char *value)
{
    aws_call_init(call, AWS_EC2, "CreateTags", true);
    form_add(&call->form, "ResourceId.1", id);
    form_add(&call->form, "Tag.1.Key", key);
    form_add(&call->form, "Tag.1.Value", value);
}
