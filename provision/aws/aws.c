#include "aws.h"

#include "aws_left.h"

const struct provider provider_aws = {
    .name = "aws",
    .rules = TOPOLOGY_RULES_AWS,
    .resumes = true,
    .up = aws_up,
    .add_left = aws_left_add,
    .status = aws_status,
    .metrics = aws_metrics,
    .down = aws_down,
    .down_lost = aws_down_lost,
};
