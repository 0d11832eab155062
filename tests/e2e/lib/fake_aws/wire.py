"""Parameters of the query protocols as trees, and replies as XML."""

import re
from xml.sax.saxutils import escape


class ApiError(Exception):
    def __init__(self, code, message="", status=400):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def tree(pairs):
    """[("A.1.B", "x")] as {"A": {"1": {"B": "x"}}}."""
    root = {}
    for key, value in pairs:
        at = root
        *path, last = key.split(".")
        for part in path:
            at = at.setdefault(part, {})
        assert isinstance(at, dict) and last not in at, f"{key} clashes with another parameter"
        at[last] = value
    return root


def numbered(node):
    """{"1": x, "2": y} as [x, y]; gaps are refused."""
    node = node or {}
    assert sorted(node, key=int) == [str(n + 1) for n in range(len(node))], f"not numbered from 1: {sorted(node)}"
    return [node[key] for key in sorted(node, key=int)]


def members(node):
    return numbered((node or {}).get("member"))


def xml(name, value):
    """A value as an element: dicts nest, lists repeat as <item> or, for names in upper case, <member>."""
    if isinstance(value, dict):
        inner = "".join(xml(key, part) for key, part in value.items() if part is not None)
    elif isinstance(value, list):
        inner = "".join(xml("member" if name[0].isupper() else "item", part) for part in value)
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    else:
        inner = escape(str(value))
    return f"<{name}>{inner}</{name}>"


def matches(pattern, value):
    """EC2's filter values: * and ? are wildcards."""
    expression = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch(expression, value) is not None


def filtered(resources, filters, value_of):
    """Those that every filter lets through; `value_of(resource, name)` gives a list of values."""
    for condition in numbered(filters):
        patterns = numbered(condition["Value"])
        resources = [r for r in resources if any(matches(p, v) for p in patterns for v in value_of(r, condition["Name"]))]
    return resources


def tags_of(node):
    return {tag["Key"]: tag["Value"] for tag in numbered(node)}


def tag_values(tags, name):
    """Values of the filters tag:KEY and tag-key; None for other filters."""
    if name.startswith("tag:"):
        return [tags[name[4:]]] if name[4:] in tags else []
    return list(tags) if name == "tag-key" else None
