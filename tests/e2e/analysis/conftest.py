"""What the tests of analysis share."""

import json
import shutil

import pytest

import make_run


@pytest.fixture(name="made_folders", scope="module")
def fixture_made_folders():
    return {}


@pytest.fixture(name="folder")
def fixture_folder(tmp_path, tmp_path_factory, run, made_folders):
    """folder(kind, ...) copies a run folder with its derived files, which is made once for all tests of a file, and returns its path and the
    truth, which no test may change."""
    def make(kind, name=None, **options):
        key = json.dumps([kind, options])
        if key not in made_folders:
            first = tmp_path_factory.mktemp("made") / kind
            truth = make_run.make(str(first), kind, **options)
            run("loadgen-analysis", "recompute", first)
            made_folders[key] = first, truth
        first, truth = made_folders[key]
        path = tmp_path / (name or kind)
        shutil.copytree(first, path)
        return path, truth
    return make
