#include "provider.h"

#include "deployment.h"
#include "err.h"
#include "status_lines.h"

void provider_save_if_possible(const struct provider_context *c)
{
    struct err e;
    if (deployment_save(c->deployment, c->path, &e))
        status_lines_print(c->lines, "note: %s; removing goes on", e.text);
}
