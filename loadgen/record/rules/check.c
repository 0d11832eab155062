#include "check.h"

#include <stdlib.h>

const char *check_level_name(enum check_level level)
{
    static const char *const names[] = {
        [CHECK_OK] = "OK",
        [CHECK_WARN] = "WARN",
        [CHECK_INVALID] = "INVALID",
    };
    return level == CHECK_NOT_JUDGED ? "NOT JUDGED" : names[level];
}

void judgement_fini(struct judgement *j)
{
    free(j->checks);
    free(j->thresholds);
    *j = (struct judgement){ 0 };
}
