# ctest: release
"""What ends a fleet before it sends anything, or is worth a warning: one list for all machines, and nothing is left behind."""

import pytest

from fleet import own_disk


def words_of(done):
    """What the fleet itself said."""
    return [line for line in done.stderr.splitlines() if line.startswith("loadgen-fleet: ") and "warning" not in line]


@pytest.fixture(name="local")
def fixture_local(tmp_path):
    folder = tmp_path / "local"
    folder.mkdir()
    yield folder
    assert not list(folder.iterdir())


def test_mistakes_name_their_hosts(fleet, nginx, tmp_path, local):
    server = nginx()
    done = fleet.run(3, server.url, "-o", tmp_path / "run", "--local", local,
                     prefixes=[[], own_disk(local, "1m"), own_disk(local, "1m")], expect=2)
    words = words_of(done)
    assert len(words) == 1 and "(rank 1), host " in words[0] and f"(rank 2): the disk of {local}/loadgen-" in words[0], words
    assert server.stop_and_read_log() == [] and not (tmp_path / "run").exists()


@pytest.mark.parametrize("options, sentence", [
    (["--no-results"], "a fleet has no --no-results: its result is put together from folders"),
    (["--rate", "many"], "--rate"),
])
def test_options_that_are_wrong_are_said_once(fleet, local, options, sentence):
    words = words_of(fleet.run(2, "http://127.0.0.1:1/", "--local", local, *options, expect=2))
    assert len(words) == 1 and words[0].startswith(f"loadgen-fleet: {sentence}"), words


def test_a_folder_that_exists_is_refused(fleet, nginx, tmp_path, local):
    (tmp_path / "run").mkdir()
    server = nginx()
    words = words_of(fleet.run(2, server.url, "-n", 10, "-o", tmp_path / "run", "--local", local, expect=2))
    assert len(words) == 1 and "exists already" in words[0] and server.stop_and_read_log() == []


def test_too_few_processors_and_crowded_hosts_are_worth_a_warning(fleet, nginx, tmp_path, local):
    done = fleet.run(2, nginx().url, "-n", 20, "-t", 2, "-o", tmp_path / "run", "--local", local, "-q",
                     prefixes=[["taskset", "-c", "0"], []])
    assert "(rank 0): 2 threads may use 1 processor only: start mpirun with --bind-to none" in done.stderr
    assert " runs 2 generators: " in done.stderr
