#include "aws_certificate.h"

#include "aws_session.h"
#include "err.h"
#include "provider.h"

#include <stdio.h>
#include <string.h>

int aws_certificate_check(const struct aws_session *s, struct err *e)
{
    char region[AWS_REGION_BYTES] = "";
    char account[16] = "";
    const char *arn = s->context->topology->listener.certificate;
    if (!*arn)
        return 0;
    if (sscanf(arn, "arn:%*16[a-z-]:acm:%31[a-z0-9-]:%15[0-9]", region, account) != 2)
        sscanf(arn, "arn:%*16[a-z-]:iam::%15[0-9]", account);
    if (*region && strcmp(region, s->config.region) != 0)
        return err_set(
            e, ERR_INPUT,
            "the listener's certificate %s is in %s, and a load balancer in %s takes only those of its "
            "region: name another in the topology file",
            arn, region, s->config.region);
    if (strcmp(account, s->caller.account) != 0)
        return err_set(e, ERR_INPUT,
                       "the listener's certificate %s belongs to account %s, and these credentials (%s) are "
                       "those of account %s: name another in the topology file",
                       arn, account, s->config.credentials.source, s->caller.account);
    return 0;
}
