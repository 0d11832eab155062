#include "sts.h"

#include "aws_call.h"
#include "aws_client.h"
#include "err.h"
#include "xml_tree.h"

int sts_get_caller(struct aws_client *c, struct sts_caller *caller, struct err *e)
{
    struct aws_call call;
    *caller = (struct sts_caller){ 0 };
    aws_call_init(&call, AWS_STS, "GetCallerIdentity", true);
    int status = aws_client_send(c, &call, e);
    if (status == 0) {
        xml_tree_text(call.reply, "GetCallerIdentityResult/Account", caller->account, sizeof caller->account);
        xml_tree_text(call.reply, "GetCallerIdentityResult/Arn", caller->arn, sizeof caller->arn);
        if (!*caller->account)
            status = err_set(e, ERR_FAILED, "STS GetCallerIdentity: the reply names no account");
    }
    aws_call_fini(&call);
    return status;
}
