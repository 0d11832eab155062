"""What the tests of analysis share."""

import pytest

import make_run


@pytest.fixture(name="folder")
def fixture_folder(tmp_path, run):
    """folder(kind, ...) makes a run folder with its derived files and returns its path and the truth."""
    def make(kind, name=None, **options):
        path = tmp_path / (name or kind)
        truth = make_run.make(str(path), kind, **options)
        run("loadgen-analysis", "recompute", path)
        return path, truth
    return make
