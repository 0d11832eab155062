/* How a mistake in a YAML file is shown. */
#include "err.h"
#include "text_place.h"
#include "yaml_tree.h"

#include <stdio.h>
#include <string.h>

int yaml_place(const struct yaml_file *f, const struct yaml_node *node, struct err *e)
{
    const struct text_place place = { f->path, f->text, node->line, node->column, node->width };
    return text_place_show(&place, e);
}

int yaml_mistake(const struct yaml_file *f, const struct yaml_node *node, struct err *e, const char *format,
                 ...)
{
    va_list args;
    e->kind = ERR_INPUT;
    va_start(args, format);
    vsnprintf(e->text, sizeof e->text, format, args);
    va_end(args);
    return yaml_place(f, node, e);
}

const char *yaml_shown(const struct yaml_node *node, char *out)
{
    if (node->kind != YAML_SCALAR)
        snprintf(out, YAML_SHOWN_BYTES, "%s", node->kind == YAML_LIST ? "a list" : "a map");
    else if (node->is_null)
        snprintf(out, YAML_SHOWN_BYTES, "nothing");
    else if (node->text_bytes > 0 && strspn(node->text, "+-.0123456789") == node->text_bytes)
        snprintf(out, YAML_SHOWN_BYTES, "%.40s", node->text);
    else {
        const size_t line = strcspn(node->text, "\n");
        const size_t shown = text_place_bytes(node->text, line, 40);
        snprintf(out, YAML_SHOWN_BYTES, "'%.*s%s'", (int)(shown < 48 ? shown : 48), node->text,
                 shown < node->text_bytes ? "..." : "");
    }
    return out;
}
