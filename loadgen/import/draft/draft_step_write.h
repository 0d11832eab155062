/* One request, or step, of a draft as YAML. */
#ifndef IMPORT_DRAFT_STEP_WRITE_H
#define IMPORT_DRAFT_STEP_WRITE_H

#include "draft.h"
#include "yaml_out.h"

/* Its keys at the current depth; a request of a plain stream has fewer. */
void draft_step_write(const struct draft_step *s, bool is_step, struct yaml_out *y);

#endif
