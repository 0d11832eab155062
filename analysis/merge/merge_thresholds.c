#include "merge_thresholds.h"

#include "dataset.h"
#include "err.h"
#include "merge.h"
#include "threshold.h"
#include "threshold_judge.h"

#include <stdlib.h>

static json_t *judge(const struct dataset *data, const char *text, struct err *e)
{
    struct threshold t = { 0 };
    struct threshold_judged judged;
    if (threshold_parse(&t, text, e))
        return NULL;
    json_t *result = NULL;
    if (threshold_judge(data, &t, &judged, e) == 0)
        result = json_pack("{s:s, s:s, s:o, s:s, s:b}", "text", text, "scope", *t.scope ? t.scope : "all",
                           "value", judged.is_known ? json_real(judged.value) : json_null(), "unit",
                           threshold_unit(&t), "held", judged.is_held);
    free(t.text);
    return result;
}

json_t *merge_thresholds(const struct merge *m, const struct dataset *data, struct err *e)
{
    const struct run_json *run = &m->runs[0].run;
    json_t *list = json_array();
    for (size_t i = 0; i < run->n_thresholds; i++) {
        json_t *judged = judge(data, run->thresholds[i].text, e);
        if (!judged) {
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list, judged);
    }
    return list;
}
