"""JSON Schemas of our files, and YAML as editors read it."""

import json
import re

import yaml

from programs import ROOT


class Yaml12(yaml.SafeLoader):
    """Plain words are text but for numbers, true, false and null, as in YAML 1.2: a date is text, and so is `yes`."""


Yaml12.yaml_implicit_resolvers = {}
Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), "tf")
Yaml12.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(null|~|)$"), ["n", "~", ""])
Yaml12.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?[0-9]+$"), "-0123456789")
Yaml12.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^-?([0-9]+\.[0-9]*|\.[0-9]+)$"), "-.0123456789")


def load(text):
    return yaml.load(text, Yaml12)  # noqa: S506: derived from SafeLoader


def schema_of(name):
    return json.loads((ROOT / f"docs/schema/{name}.schema.json").read_text(encoding="utf-8"))
