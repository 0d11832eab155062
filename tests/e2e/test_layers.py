"""The order of the code: which layer may include which, and that no files need each other in a circle (ARCHITECTURE.md)."""

import collections
import json
import pathlib
import shlex
import subprocess

import pytest

from programs import BIN, ROOT

BELOW = {  # every layer with those that it sees besides itself
    "base": [],
    "base/json": ["base"],
    "httpd": ["base"],
    "yaml": ["base"],
    "loadgen/plan": ["yaml", "base/json", "base"],
    "loadgen/import": ["loadgen/plan", "yaml", "base/json", "base"],
    "loadgen/record": ["loadgen/plan", "httpd", "yaml", "base/json", "base"],
    "loadgen/engine": ["loadgen/record", "loadgen/plan", "yaml", "base/json", "base"],
    "loadgen/command": ["loadgen/import", "loadgen/engine", "loadgen/record", "loadgen/plan", "yaml", "base/json", "base"],
    "loadgen/fleet": ["loadgen/command", "loadgen/import", "loadgen/engine", "loadgen/record", "loadgen/plan", "yaml", "base/json", "base"],
    "provision/topology": ["yaml", "base"],
    "provision/deployment": ["provision/topology", "base/json", "base"],
    "provision/local": ["provision/deployment", "provision/topology", "base"],
    "provision/aws": ["provision/deployment", "provision/topology", "base/json", "base"],
    "provision/emulator": ["httpd", "base"],
    "provision": ["provision/local", "provision/aws", "provision/deployment", "provision/topology", "base"],
    "analysis/statistics": ["base"],
    "analysis": ["analysis/statistics", "base/json", "base"],
}
CIRCLES = [{"conn", "mux", "muxes", "shard", "user"}]  # by the first word of the file's name; a connection calls its shard and its user back


def layer_of(path):
    path = pathlib.Path(path)
    return max((layer for layer in BELOW if path.is_relative_to(ROOT / layer)), key=len, default=None)


@pytest.fixture(name="commands", scope="module")
def fixture_commands():
    """The compiler's command for each product file."""
    commands = json.loads((BIN.parent / "compile_commands.json").read_text())
    return {command["file"]: command for command in commands if layer_of(command["file"])}


def sees(flags, header):
    """Whether `#include "header"` finds it: what is not found does not compile."""
    source = f'#if !__has_include("{header}")\n#error not found\n#endif\n'
    return subprocess.run(["cc", "-E", *flags, "-x", "c", "-"], input=source, text=True, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("layer", BELOW)
def test_a_layer_sees_itself_and_those_below(commands, layer):
    seen = next(command for path, command in sorted(commands.items()) if layer_of(path) == layer)
    flags = [word for word in shlex.split(seen["command"]) if word.startswith("-I")]
    for other in BELOW:
        header = min(path.name for path in (ROOT / other).rglob("*.h") if layer_of(path) == other)
        assert sees(flags, header) == (other == layer or other in BELOW[layer]), f"{layer} includes {header} of {other}"


def test_no_header_name_stands_twice():
    names = collections.Counter(path.name for layer in BELOW if "/" not in layer for path in (ROOT / layer).rglob("*.h"))
    names.update(path.name for path in (ROOT / "loadgen").rglob("*.h"))
    assert not [name for name, n in names.items() if n > 1]


def symbols(objects):
    """Per object: the symbols that it defines, and those that it needs."""
    listing = subprocess.run(["nm", "-A", *objects], text=True, capture_output=True, check=True).stdout
    defined, needed = collections.defaultdict(set), collections.defaultdict(set)
    for line in listing.splitlines():
        path, rest = line.split(":", 1)
        kind, name = rest.split()[-2:]
        if kind == "U":
            needed[path].add(name)
        elif kind.isupper():
            defined[path].add(name)
    return defined, needed


def circles(edges):
    """The sets of nodes that reach each other (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in edges[node]:
            if other not in index:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == index[node]:
            group = set()
            while node not in group:
                group.add(stack.pop())
            if len(group) > 1:
                found.append(group)

    for node in list(edges):
        if node not in index:
            visit(node)
    return found


def test_circles_are_found():
    edges = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}
    assert circles(edges) == [{"b", "c"}]


def test_no_files_need_each_other_in_a_circle(commands):
    objects = {str(pathlib.Path(command["directory"]) / shlex.split(command["command"])[shlex.split(command["command"]).index("-o") + 1]): path
               for path, command in commands.items()}
    defined, needed = symbols(objects)
    owner = {name: path for path, names in defined.items() for name in names if not path.endswith("main.c.o")}
    edges = {path: {owner[name] for name in needed[path] if name in owner} - {path} for path in objects}
    found = [{pathlib.Path(objects[path]).stem for path in group} for group in circles(edges)]
    wrong = [sorted(group) for group in found if not any({name.split("_")[0] for name in group} <= allowed for allowed in CIRCLES)]
    assert not wrong, '\n'.join(map(' '.join, wrong))
