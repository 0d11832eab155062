#include "local.h"

const struct provider provider_local = {
    .name = "local",
    .up = local_up,
    .status = local_status,
    .metrics = local_metrics,
    .down = local_down,
    .disturb = local_disturb,
};
