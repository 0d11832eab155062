#include "threshold_json.h"

#include "json_tree.h"
#include "threshold.h"

json_t *threshold_json(const struct threshold_result *t)
{
    json_t *row = json_object();
    json_tree_set(&row, "text", json_tree_text(t->text));
    json_tree_set(&row, "scope", json_tree_text_or_null(t->scope));
    json_tree_set(&row, "value", json_tree_real(t->value));
    json_tree_set(&row, "unit", json_tree_text_or_null(t->unit));
    json_tree_set(&row, "at_least", json_tree_real(t->at_least));
    json_tree_set(&row, "state", json_tree_text_or_null(attempt_state_name(t->state)));
    json_tree_set(&row, "held",
                  t->held == THRESHOLD_UNDECIDED ? json_null() : json_boolean(t->held == THRESHOLD_HELD));
    return row;
}
