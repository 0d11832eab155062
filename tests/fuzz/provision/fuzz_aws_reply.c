/* A reply of AWS: the first byte chooses service and status, the rest is the body. It is read
 * without a leak. */
#include "aws_call.h"
#include "ec2_groups.h"
#include "ec2_instances.h"
#include "elb_groups.h"
#include "err.h"
#include "fuzz.h"

#include <string.h>

static void holds_printable(const char *text, size_t size)
{
    const size_t length = strnlen(text, size);
    FUZZ_HOLDS(length < size);
    for (size_t i = 0; i < length; i++)
        FUZZ_HOLDS(text[i] >= ' ' && text[i] < 127);
}

static void read_lists(const struct xml_node *reply)
{
    struct err e;
    struct ec2_instance_list instances = { 0 };
    struct elb_target_list targets = { 0 };
    (void)ec2_instances_read_launched(reply, &instances, &e);
    (void)elb_groups_read_health(reply, &targets, &e);
    free(instances.items);
    free(targets.items);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    static const long statuses[] = { 200, 400, 403, 500, 503 };
    struct aws_call call;
    struct err e;
    if (length_bytes == 0)
        return 0;
    const enum aws_service service = data[0] % AWS_N_SERVICES;
    aws_call_init(&call, service, "Do", true);
    aws_call_read_reply(&call, statuses[data[0] / AWS_N_SERVICES % 5], (const char *)data + 1,
                        length_bytes - 1);
    FUZZ_HOLDS((call.failure.class == AWS_CLASS_NONE) == (call.reply != NULL || call.json_reply != NULL));
    if (call.reply)
        read_lists(call.reply);
    if (call.failure.class != AWS_CLASS_NONE) {
        holds_printable(call.failure.code, sizeof call.failure.code);
        holds_printable(call.failure.message, sizeof call.failure.message);
        FUZZ_HOLDS(aws_call_error(&call, &e) == -1 && *e.text);
    }
    aws_call_fini(&call);
    return 0;
}
