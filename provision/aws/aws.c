#include "aws.h"

const struct provider provider_aws = {
    .name = "aws",
    .rules = TOPOLOGY_RULES_AWS,
    .resumes = true,
    .up = aws_up,
    .status = aws_status,
    .metrics = aws_metrics,
    .down = aws_down,
    .down_lost = aws_down_lost,
};
