#include "xml_tree.h"

#include "utf8.h"

#include <libxml/parser.h>
#include <limits.h>
#include <string.h>

static const xmlNode *as_xml(const struct xml_node *node)
{
    return (const xmlNode *)(const void *)node;
}

static const struct xml_node *as_node(const xmlNode *node)
{
    return (const struct xml_node *)(const void *)node;
}

struct xml_node *xml_tree_parse(const char *text, size_t length_bytes)
{
    if (length_bytes == 0 || length_bytes > INT_MAX)
        return NULL;
    xmlDoc *doc = xmlReadMemory(text, (int)length_bytes, NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    if (root && !doc->intSubset && !doc->extSubset)
        return (struct xml_node *)(void *)root;
    xmlFreeDoc(doc);
    return NULL;
}

void xml_tree_free(struct xml_node *root)
{
    if (root)
        xmlFreeDoc(as_xml(root)->doc);
}

const char *xml_tree_name(const struct xml_node *node)
{
    return (const char *)as_xml(node)->name;
}

static const xmlNode *element_from(const xmlNode *node)
{
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

static const xmlNode *child_named(const xmlNode *node, const char *name, size_t length)
{
    for (const xmlNode *c = element_from(node->children); c; c = element_from(c->next))
        if (strlen((const char *)c->name) == length && memcmp(c->name, name, length) == 0)
            return c;
    return NULL;
}

static const struct xml_node *node_at(const struct xml_node *node, const char *path)
{
    const xmlNode *at = as_xml(node);
    while (at && path && *path) {
        const size_t length = strcspn(path, "/");
        at = child_named(at, path, length);
        path += length + (path[length] == '/');
    }
    return as_node(at);
}

const struct xml_node *xml_tree_first(const struct xml_node *node, const char *path)
{
    const struct xml_node *at = node_at(node, path);
    return at ? as_node(element_from(as_xml(at)->children)) : NULL;
}

const struct xml_node *xml_tree_next(const struct xml_node *node)
{
    return as_node(element_from(as_xml(node)->next));
}

/* The node after `at` in document order below `top`: its child, else the next sibling of it or of an
 * ancestor. */
static const xmlNode *following(const xmlNode *at, const xmlNode *top)
{
    const xmlNode *child = element_from(at->children);
    if (child)
        return child;
    while (at != top) {
        const xmlNode *next = element_from(at->next);
        if (next)
            return next;
        at = at->parent;
    }
    return NULL;
}

const struct xml_node *xml_tree_find(const struct xml_node *node, const char *name)
{
    const xmlNode *top = as_xml(node);
    for (const xmlNode *at = top; at; at = following(at, top))
        if (strcmp((const char *)at->name, name) == 0)
            return as_node(at);
    return NULL;
}

size_t xml_tree_raw(const struct xml_node *node, const char *path, char *out, size_t out_bytes)
{
    const struct xml_node *at = node_at(node, path);
    size_t full = 0;
    size_t used = 0;
    for (const xmlNode *c = at ? as_xml(at)->children : NULL; c; c = c->next) {
        if ((c->type != XML_TEXT_NODE && c->type != XML_CDATA_SECTION_NODE) || !c->content)
            continue;
        const size_t length = strlen((const char *)c->content);
        const size_t room = out_bytes - 1 - used;
        const size_t fits = length < room ? length : room;
        memcpy(out + used, c->content, fits);
        used += fits;
        full += length;
    }
    out[used] = '\0';
    return full;
}

size_t xml_tree_text(const struct xml_node *node, const char *path, char *out, size_t out_bytes)
{
    const size_t full = xml_tree_raw(node, path, out, out_bytes);
    utf8_trim(out);
    utf8_line(out);
    return full;
}

size_t xml_tree_count(const struct xml_node *node, const char *path)
{
    size_t n = 0;
    for (const struct xml_node *c = xml_tree_first(node, path); c; c = xml_tree_next(c))
        n++;
    return n;
}
