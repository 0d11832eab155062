"""The recipes of docs/ci.md: their shell parts run as they stand, against a real server, with shorter runs. What a CI server provides, such
as `gh` and the artifacts of the last job on main, is imitated."""
# ctest: release early

import re
import shutil
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from programs import BIN, ROOT

yaml = pytest.importorskip("yaml")

GUIDE = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
DELAY_MS = 5
SHORTER = ("-d 10", "-n 1100")  # enough for p99

GH = """#!/bin/sh
echo "$@" >>"$RECORD"
case "$1 $2" in
"run list") echo 7 ;;
"run download") cp -r "$LAST" base ;;
"pr comment") case "$*" in *--edit-last*) exit 1 ;; esac ;;
esac
"""
CURL = """#!/bin/sh
echo "$@" >>"$RECORD"
case "$*" in *"--output base.zip"*) mkdir -p archive && cp -r "$LAST" archive/series && (cd archive && "$PYTHON" -m zipfile -c ../base.zip series) ;; esac
"""
UNZIP = """#!/bin/sh
exec "$PYTHON" -m zipfile -e "$2" "$4"
"""


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.M | re.S)


def scripts_of(node):
    """The shell parts of a pipeline in YAML, in order."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("run", "script", "after_script"):
                yield from [value] if isinstance(value, str) else value
            else:
                yield from scripts_of(value)
    elif isinstance(node, list):
        for item in node:
            yield from scripts_of(item)


LIMIT, CHANGE, LAST, RESULT = blocks("sh")
GITHUB, GITHUB_LAST, GITLAB, GITLAB_LAST = [list(scripts_of(yaml.safe_load(block))) for block in blocks("yaml")]
JENKINS = re.findall(r"'''(.*?)'''", blocks("groovy")[0], re.S)
RECIPES = {"limit": [LIMIT], "change": [CHANGE, RESULT], "last": [LAST], "github": GITHUB, "github-last": GITHUB_LAST, "gitlab": GITLAB,
           "gitlab-last": GITLAB_LAST, "jenkins": JENKINS}


def test_each_recipe_has_its_parts():
    assert {name: len(parts) for name, parts in RECIPES.items()} == {
        "limit": 1, "change": 2, "last": 1, "github": 3, "github-last": 2, "gitlab": 3, "gitlab-last": 3, "jenkins": 2}


def test_every_line_fits():
    assert not [line for line in GUIDE.splitlines() if len(line) > 120 and not line.startswith("|")]


class Ci:
    """A CI server's job: a folder, its environment, and its tools."""

    def __init__(self, programs, folder, old, new, last=None):
        self.folder = folder
        tools = folder / "tools"
        tools.mkdir(parents=True)
        for name, text in (("gh", GH), ("curl", CURL), ("unzip", UNZIP)):
            (tools / name).write_text(text)
            (tools / name).chmod(0o755)
        self.programs = programs
        self.env = {"PATH": f"{tools}:{BIN}:{programs.env['PATH']}", "OLD": old, "NEW": new, "URL": new, "RECORD": str(folder / "record"),
                    "LAST": str(last), "PYTHON": sys.executable, "GITHUB_STEP_SUMMARY": str(folder / "summary.md"), "PR": "12",
                    "GITHUB_REPOSITORY": "one/two", "CI_MERGE_REQUEST_IID": "3", "LOAD_TOKEN": "secret", "CI_API_V4_URL": "http://127.0.0.1:1/api",
                    "CI_PROJECT_ID": "4", "CI_JOB_TOKEN": "secret"}

    def run(self, script, expect):
        return self.programs.run("bash", "-e", "-o", "pipefail", "-c", script.replace(*SHORTER), env=self.env, cwd=self.folder, expect=expect)

    def record(self):
        path = self.folder / "record"
        return path.read_text() if path.exists() else ""


@pytest.fixture(name="ci")
def fixture_ci(programs, emulator, tmp_path, urgent):
    """ci(new_delay_ms, last): a job whose old and new build answer after so long."""
    url = emulator("--vcpus", 64).url

    def make(new_delay_ms=DELAY_MS, last=None):
        return Ci(programs, tmp_path / "job", f"{url}/cluster1?delay_ms={DELAY_MS}", f"{url}/cluster1?delay_ms={new_delay_ms}", last)
    return make


def make_last(job, folder):
    """The series that the last job on main left; its runs began before those of the job."""
    for i in range(1, 7):
        job.run(f'loadgen run "$OLD" -c 16 -d 10 -q -o {folder}/{i}', expect=0)
    return folder


def ends_well(script):
    """A machine that is busy with other tests may be too slow to judge: 4."""
    return (0, 4) if "--fail-if" in script or "--threshold" in script else 0


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_passes_what_is_as_fast_as_before(ci, tmp_path, name):
    job = ci(last=tmp_path / "last")
    if name.endswith("last"):
        make_last(job, tmp_path / "last")
    if name == "last":
        shutil.copytree(tmp_path / "last", job.folder / "base")
    if name == "change" and not shutil.which("jq"):
        pytest.skip("jq is not installed")
    printed = "".join(job.run(script, ends_well(script)).stdout for script in RECIPES[name])
    if name == "change":
        assert re.search(r"^p99 > \+10%  (passed|undecided|invalid)  ", printed, re.M), printed
    if name == "github":
        assert "**" in (job.folder / "summary.md").read_text()
        assert job.record().count("pr comment 12 --repo one/two --body-file gate.md") == 2
    if name == "gitlab":
        assert "/projects/4/merge_requests/3/notes" in job.record()
    if name.endswith("-last"):
        assert (job.folder / "base/1/run.json").exists()
    for path in job.folder.glob("*.xml"):
        ElementTree.parse(path)


@pytest.mark.parametrize("name", ["github", "github-last", "jenkins"])
def test_a_recipe_fails_what_became_slower(ci, tmp_path, name):
    job = ci(new_delay_ms=5 * DELAY_MS, last=tmp_path / "last")
    if name == "github-last":
        make_last(job, tmp_path / "last")
    ends = []
    for script in RECIPES[name][:2]:
        ends.append(job.run(script, (0, 3, 4)).returncode)
        if "--fail-if" in script:
            break
    assert ends[-1] in (3, 4) and not any(ends[:-1]), (ends, (job.folder / "gate.md").read_text())
    assert re.search("is slower than (old|base)", (job.folder / "gate.md").read_text()) or ends[-1] == 4
    if name == "github-last":
        assert (job.folder / "summary.md").read_text() == (job.folder / "gate.md").read_text()


def test_without_a_series_of_main_nothing_is_compared(ci):
    job = ci()
    (job.folder / "tools/curl").write_text("#!/bin/sh\nexit 22\n")
    for script in GITLAB_LAST:
        job.run(script, expect=0)
    assert not (job.folder / "gate.md").exists() and (job.folder / "series/6/run.json").exists()
