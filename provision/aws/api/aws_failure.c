#include "aws_failure.h"

#include "err.h"
#include "http_network.h"
#include "xml_tree.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct code_row {
    const char *code;
    enum aws_class class;
};

/* Error codes of EC2, Elastic Load Balancing v2, CloudWatch, STS and SSM, from their API references and
 * botocore's models; besides these, each code with "NotFound" in it ("InvalidGroup.NotFound",
 * "TargetGroupNotFound") is of the class "missing". */
static const struct code_row codes[] = {
    { "RequestLimitExceeded", AWS_CLASS_THROTTLED },
    { "EC2ThrottledException", AWS_CLASS_THROTTLED },
    { "Throttling", AWS_CLASS_THROTTLED },
    { "ThrottlingException", AWS_CLASS_THROTTLED },
    { "ThrottledException", AWS_CLASS_THROTTLED },
    { "RequestThrottled", AWS_CLASS_THROTTLED },
    { "RequestThrottledException", AWS_CLASS_THROTTLED },
    { "TooManyRequestsException", AWS_CLASS_THROTTLED },
    { "SlowDown", AWS_CLASS_THROTTLED },
    { "BandwidthLimitExceeded", AWS_CLASS_THROTTLED },
    { "LimitExceededException", AWS_CLASS_THROTTLED },
    { "PriorRequestNotComplete", AWS_CLASS_THROTTLED },

    { "InternalError", AWS_CLASS_TRANSIENT },
    { "InternalFailure", AWS_CLASS_TRANSIENT },
    { "InternalServerError", AWS_CLASS_TRANSIENT },
    { "Unavailable", AWS_CLASS_TRANSIENT },
    { "ServiceUnavailable", AWS_CLASS_TRANSIENT },
    { "RequestTimeout", AWS_CLASS_TRANSIENT },
    { "RequestTimeoutException", AWS_CLASS_TRANSIENT },
    { "HealthUnavailable", AWS_CLASS_TRANSIENT },

    { "RequestExpired", AWS_CLASS_CREDENTIALS },
    { "AuthFailure", AWS_CLASS_CREDENTIALS },
    { "UnauthorizedOperation", AWS_CLASS_CREDENTIALS },
    { "ExpiredToken", AWS_CLASS_CREDENTIALS },
    { "ExpiredTokenException", AWS_CLASS_CREDENTIALS },
    { "InvalidClientTokenId", AWS_CLASS_CREDENTIALS },
    { "UnrecognizedClientException", AWS_CLASS_CREDENTIALS },
    { "SignatureDoesNotMatch", AWS_CLASS_CREDENTIALS },
    { "InvalidSignatureException", AWS_CLASS_CREDENTIALS },
    { "AccessDenied", AWS_CLASS_CREDENTIALS },
    { "AccessDeniedException", AWS_CLASS_CREDENTIALS },
    { "MissingAuthenticationToken", AWS_CLASS_CREDENTIALS },
    { "IncompleteSignature", AWS_CLASS_CREDENTIALS },
    { "OptInRequired", AWS_CLASS_CREDENTIALS },
    { "PendingVerification", AWS_CLASS_CREDENTIALS },
    { "Blocked", AWS_CLASS_CREDENTIALS },

    { "VcpuLimitExceeded", AWS_CLASS_QUOTA },
    { "InstanceLimitExceeded", AWS_CLASS_QUOTA },
    { "InsufficientInstanceCapacity", AWS_CLASS_QUOTA },
    { "InsufficientFreeAddressesInSubnet", AWS_CLASS_QUOTA },
    { "Unsupported", AWS_CLASS_QUOTA },
    { "SecurityGroupLimitExceeded", AWS_CLASS_QUOTA },
    { "TooManyLoadBalancers", AWS_CLASS_QUOTA },
    { "TooManyTargetGroups", AWS_CLASS_QUOTA },
    { "TooManyRules", AWS_CLASS_QUOTA },

    { "InvalidGroup.Duplicate", AWS_CLASS_CONFLICT },
    { "InvalidPermission.Duplicate", AWS_CLASS_CONFLICT },
    { "DuplicateTargetGroupName", AWS_CLASS_CONFLICT },
    { "DuplicateLoadBalancerName", AWS_CLASS_CONFLICT },
    { "DuplicateListener", AWS_CLASS_CONFLICT },
    { "PriorityInUse", AWS_CLASS_CONFLICT },
    { "IdempotentParameterMismatch", AWS_CLASS_CONFLICT },

    { "DependencyViolation", AWS_CLASS_ORDERING },
    { "InvalidGroup.InUse", AWS_CLASS_ORDERING },
    { "ResourceInUse", AWS_CLASS_ORDERING },
    { "InvalidTarget", AWS_CLASS_ORDERING },
    { "IncorrectInstanceState", AWS_CLASS_ORDERING },

    /* A security group that Elastic Load Balancing has not heard of yet. */
    { "InvalidSecurityGroup", AWS_CLASS_MISSING },

    { "InvalidAMIID.Malformed", AWS_CLASS_INPUT },
    { "InvalidAMIID.Unavailable", AWS_CLASS_INPUT },
    { "InvalidParameterValue", AWS_CLASS_INPUT },
    { "InvalidParameterCombination", AWS_CLASS_INPUT },
    { "MissingParameter", AWS_CLASS_INPUT },
    { "InvalidUserData.Malformed", AWS_CLASS_INPUT },
    { "InvalidConfigurationRequest", AWS_CLASS_INPUT },
    { "InvalidSubnet", AWS_CLASS_INPUT },
    { "ValidationError", AWS_CLASS_INPUT },
};

enum aws_class aws_failure_class_of(const char *code)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strcmp(codes[i].code, code) == 0)
            return codes[i].class;
    return strstr(code, "NotFound") ? AWS_CLASS_MISSING : AWS_CLASS_OTHER;
}

bool aws_failure_is(const struct aws_failure *f, const char *code)
{
    return strcmp(f->code, code) == 0;
}

void aws_failure_one_line(const char *text, size_t length_bytes, char *out, size_t out_bytes)
{
    size_t used = 0;
    for (size_t i = 0; i < length_bytes && used + 1 < out_bytes; i++) {
        const unsigned char c = (unsigned char)text[i];
        const char plain = c > ' ' && c < 127 ? (char)c : ' ';
        if (plain != ' ' || (used > 0 && out[used - 1] != ' '))
            out[used++] = plain;
    }
    while (used > 0 && out[used - 1] == ' ')
        used--;
    out[used] = '\0';
}

static void take(struct aws_failure *f, const char *code, const char *message)
{
    aws_failure_one_line(code, strlen(code), f->code, sizeof f->code);
    /* A message about a wrong signature goes on with the canonical request, session token included, and one
     * about a missing permission with a long cipher text: neither may be shown. */
    const size_t line = strcspn(message, "\r\n");
    const char *cipher = strstr(message, "Encoded authorization failure message");
    const size_t length = cipher && (size_t)(cipher - message) < line ? (size_t)(cipher - message) : line;
    aws_failure_one_line(message, length, f->message, sizeof f->message);
}

static bool read_xml(struct aws_failure *f, const struct xml_node *root)
{
    char code[96];
    char message[4096];
    const struct xml_node *error = xml_tree_find(root, "Error");
    const struct xml_node *id = xml_tree_find(root, "RequestId");

    id = id ? id : xml_tree_find(root, "RequestID");
    if (id)
        xml_tree_text(id, NULL, f->request_id, sizeof f->request_id);
    if (!error || xml_tree_text(error, "Code", code, sizeof code) == 0)
        return false;
    xml_tree_raw(error, "Message", message, sizeof message);
    take(f, code, message);
    return true;
}

static bool read_json(struct aws_failure *f, const char *body, size_t length_bytes)
{
    json_t *reply = json_loadb(body, length_bytes, 0, NULL);
    const char *type = json_string_value(json_object_get(reply, "__type"));
    if (type) {
        const char *hash = strrchr(type, '#');
        const char *message = json_string_value(json_object_get(reply, "message"));
        if (!message)
            message = json_string_value(json_object_get(reply, "Message"));
        take(f, hash ? hash + 1 : type, message ? message : "");
    }
    json_decref(reply);
    return type != NULL;
}

static enum aws_class class_of_status(long status)
{
    if (status == 429)
        return AWS_CLASS_THROTTLED;
    if (status == 500 || status == 502 || status == 503 || status == 504 || status == 509)
        return AWS_CLASS_TRANSIENT;
    return AWS_CLASS_OTHER;
}

void aws_failure_read(struct aws_failure *f, const struct xml_node *root, const char *body,
                      size_t length_bytes)
{
    const bool named = root ? read_xml(f, root) : read_json(f, body, length_bytes);
    if (named) {
        f->class = aws_failure_class_of(f->code);
        if (f->class == AWS_CLASS_OTHER)
            f->class = class_of_status(f->http_status);
        return;
    }
    f->class = class_of_status(f->http_status);
    if (f->class == AWS_CLASS_OTHER && f->http_status >= 200 && f->http_status < 300)
        f->class = AWS_CLASS_NOT_AWS;
    char start[96];
    aws_failure_one_line(body, length_bytes, start, sizeof start);
    if (*start)
        snprintf(f->message, sizeof f->message, "the reply is no error of AWS; it begins: %s", start);
    else
        snprintf(f->message, sizeof f->message, "the reply is empty");
}

static bool is_expiry(const struct aws_failure *f)
{
    return strncmp(f->code, "ExpiredToken", 12) == 0 || aws_failure_is(f, "RequestExpired");
}

static const char *credentials_advice(const struct aws_failure *f)
{
    if (!*f->code)
        return ""; /* AWS was not asked */
    if (is_expiry(f))
        return " The session has expired: paste fresh credentials (in a lab: AWS Details, Show) and run the "
               "same command again; what exists is recorded.";
    if (aws_failure_is(f, "UnauthorizedOperation") || strncmp(f->code, "AccessDenied", 12) == 0)
        return " These credentials may not do that: check that they are those of the right account and role.";
    if (aws_failure_is(f, "OptInRequired") || aws_failure_is(f, "PendingVerification") ||
        aws_failure_is(f, "Blocked"))
        return " The account itself does not allow it yet: look at the account's page in the AWS console.";
    return " AWS does not accept these credentials: check the key, the secret and the session token, and "
           "that all three are of the same session.";
}

static const char *quota_advice(const struct aws_failure *f)
{
    if (aws_failure_is(f, "VcpuLimitExceeded") || aws_failure_is(f, "InstanceLimitExceeded"))
        return " The account's limit for running instances is too low: terminate others, or ask for more of "
               "the quota \"Running On-Demand Standard instances\" (L-1216C47A).";
    if (aws_failure_is(f, "InsufficientInstanceCapacity") || aws_failure_is(f, "Unsupported"))
        return " That zone cannot start this type now: try again later, or run `loadgen provision down` and "
               "name another zone in the topology file (its `zones` and the cluster's `zone`), then `up`.";
    if (aws_failure_is(f, "InsufficientFreeAddressesInSubnet"))
        return " Free addresses there, or run `loadgen provision down` and name another subnet with "
               "--subnets.";
    return " A limit of the account is reached: remove what is no longer needed there.";
}

static const char *advice(const struct aws_failure *f)
{
    switch (f->class) {
    case AWS_CLASS_CREDENTIALS:
        return credentials_advice(f);
    case AWS_CLASS_QUOTA:
        return quota_advice(f);
    case AWS_CLASS_THROTTLED:
        return " AWS slows this account down: wait a minute and run the same command again.";
    case AWS_CLASS_TRANSIENT:
        return " Run the same command again; what exists is recorded.";
    case AWS_CLASS_UNREACHABLE:
        return " Check the network, its proxy if it has one (https_proxy), and the region's name; nothing "
               "was sent.";
    case AWS_CLASS_PROXY:
        return http_network_advice(HTTP_PROXY);
    case AWS_CLASS_UNTRUSTED:
        return http_network_advice(HTTP_UNTRUSTED);
    case AWS_CLASS_NOT_AWS:
        return " Is the endpoint that of AWS?";
    default:
        return "";
    }
}

int aws_failure_error(const struct aws_failure *f, const char *what, struct err *e)
{
    char where[160] = "";
    char clock[160] = "";
    if (f->http_status)
        snprintf(where, sizeof where, " (HTTP %ld%s%s)", f->http_status,
                 *f->request_id ? ", request id " : "", f->request_id);
    if (labs(f->clock_ahead_s) > 240 && f->class == AWS_CLASS_CREDENTIALS)
        snprintf(clock, sizeof clock,
                 " This machine's clock is %ld s %s AWS's, which is more than AWS accepts: set it.",
                 labs(f->clock_ahead_s), f->clock_ahead_s < 0 ? "behind" : "ahead of");
    return err_set(e, ERR_FAILED, "%s: %s%s%s%s.%s%s", what, f->code, *f->code && *f->message ? ": " : "",
                   f->message, where, clock, *clock ? "" : advice(f));
}
