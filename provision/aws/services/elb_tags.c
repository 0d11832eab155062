#include "elb_tags.h"

#include "aws_call.h"
#include "aws_client.h"
#include "xml_tree.h"

#include <string.h>

static void take(const struct xml_node *reply, const char *const *arns, size_t n, struct aws_tags *tags)
{
    const struct xml_node *member = xml_tree_first(reply, "DescribeTagsResult/TagDescriptions");
    for (; member; member = xml_tree_next(member)) {
        char arn[ELB_ARN_BYTES];
        xml_tree_text(member, "ResourceArn", arn, sizeof arn);
        for (size_t i = 0; i < n; i++)
            if (strcmp(arns[i], arn) == 0)
                aws_tags_read(member, "Tags", &tags[i]);
    }
}

static int describe_some(struct aws_client *c, const char *const *arns, size_t n, struct aws_tags *tags,
                         struct err *e)
{
    struct aws_call call;
    aws_call_init(&call, AWS_ELB, "DescribeTags", true);
    for (size_t i = 0; i < n; i++)
        form_addf(&call.form, arns[i], "ResourceArns.member.%zu", i + 1);
    const int status = aws_client_send(c, &call, e);
    if (status == 0)
        take(call.reply, arns, n, tags);
    aws_call_fini(&call);
    return status;
}

int elb_tags_describe(struct aws_client *c, const char *const *arns, size_t n, struct aws_tags *tags,
                      struct err *e)
{
    for (size_t i = 0; i < n; i++)
        tags[i] = (struct aws_tags){ 0 };
    for (size_t i = 0; i < n; i += ELB_TAGS_AT_ONCE)
        if (describe_some(c, arns + i, n - i < ELB_TAGS_AT_ONCE ? n - i : ELB_TAGS_AT_ONCE, tags + i, e) < 0)
            return -1;
    return 0;
}
