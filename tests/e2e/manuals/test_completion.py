"""TAB in real shells: bash without bash-completion's help, zsh, fish."""

import contextlib
import os
import pty
import re
import select
import shutil
import signal
import subprocess

import pytest

from programs import BIN, ROOT, wait_until

SHELLS = {name: shutil.which(name) for name in ("bash", "zsh", "fish")}
# Of the command line so far: all of these are offered, and none of those.
CASES = [
    ("loadgen ", {"run", "plan", "campaign", "sweep", "provision", "analysis", "completion"}, {"up"}),
    ("loadgen -c 5 --thresh", {"--threshold"}, set()),  # of `run`, which goes without saying
    ("loadgen ru", {"run"}, {"plan"}),
    ("loadgen run --prog", {"--progress"}, {"--out"}),
    ("loadgen run --progress p", {"plain"}, {"auto"}),
    ("loadgen run t", {"tp1"}, {"demo"}),
    ("loadgen plan m", {"mine.yaml"}, {"demo"}),
    ("loadgen provision up m4x4", {"m4x4-t2x4", "m4x4-t2x5"}, set()),
    ("loadgen provision up --app f", {"flask"}, set()),
    ("loadgen analysis report results/o", {"results/one-run"}, set()),
    ("loadgen analysis rep", {"report"}, {"export"}),
    ("loadgen completion f", {"fish"}, {"zsh"}),
    ("loadgen-analysis ex", {"export"}, set()),
    ("loadgen provision kill ", {"i-0123456789abcdef0"}, {"tp1"}),
    ("loadgen run --body-file wi", {"with blank.txt"}, set()),
]


@pytest.fixture(name="place")
def _place(tmp_path, programs):
    (tmp_path / "results/one-run").mkdir(parents=True)
    (tmp_path / "results/one-run/run.json").touch()
    example = re.search(r"^```json\n(.*?)^```", (ROOT / "results/README.md").read_text(encoding="utf-8"), re.M | re.S)[1]
    (tmp_path / "results/deployment.json").write_text(example)
    (tmp_path / "mine.yaml").touch()
    (tmp_path / "with blank.txt").touch()
    for shell in SHELLS:
        (tmp_path / f"script.{shell}").write_text(programs.run("loadgen", "completion", shell).stdout)
    return tmp_path


def need(shell):
    if not SHELLS[shell]:
        pytest.skip(f"{shell} is not installed")


def ask(place, *argv, **more):
    env = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(place), "XDG_CONFIG_HOME": str(place), **more}
    done = subprocess.run(argv, cwd=place, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


# Splits the line as readline does, at blanks, "=" and ":".
BASH = r"""
source script.bash
line=$1
read -ra COMP_WORDS <<< "$(sed 's/[=:]/ & /g' <<< "$line")"
[[ $line == *[\ =] ]] && [[ $line != *= ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_loadgen "${COMP_WORDS[0]}"
printf '%s\n' "${COMPREPLY[@]}"
"""


@pytest.mark.parametrize("line, offered, others", [*CASES, ("loadgen run --progress=p", {"plain"}, {"auto"}),
                                                   ("loadgen run --progress=", {"plain", "auto"}, set())])
def test_bash(place, line, offered, others):
    need("bash")
    found = set(ask(place, "bash", "--norc", "--noprofile", "-c", BASH, "bash", line).splitlines())
    assert offered <= found and not others & found


# Set up the shell so that Ctrl-G writes the line that was typed into a file.
TERMINALS = {
    "bash": ("--rcfile", ".bashrc", """
source script.bash
bind -x '"\\C-g": printf "%s\\n" "$READLINE_LINE" > line; READLINE_LINE='
PROMPT_COMMAND='touch ready'
"""),
    # Loaded at the first TAB, from where an installation below ~/.local has it.
    "bash-completion": ("--rcfile", ".bashrc", """
source /usr/share/bash-completion/bash_completion
mkdir -p .local/share/bash-completion/completions
for program in loadgen loadgen-analysis; do cp script.bash .local/share/bash-completion/completions/$program; done
bind -x '"\\C-g": printf "%s\\n" "$READLINE_LINE" > line; READLINE_LINE='
PROMPT_COMMAND='touch ready'
"""),
    "zsh": ("-i", ".zshrc", r"""
autoload -Uz compinit; compinit -u -D
source script.zsh
keep() { print -r -- "$BUFFER" > line; BUFFER= }
zle -N keep; bindkey '^G' keep
precmd() { touch ready }
"""),
}


def command_of(shell):
    option, name, _ = TERMINALS[shell]
    return ["bash", option, name] if option == "--rcfile" else [shell, option]


@contextlib.contextmanager
def terminal(place, shell):
    """A function from what is typed to the line that TAB makes of it."""
    _, name, setup = TERMINALS[shell]
    (place / name).write_text(setup)
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(place)
        os.environ.update(PATH=f"{BIN}:{os.environ['PATH']}", HOME=str(place), TERM="dumb", ZDOTDIR=str(place))
        os.environ.pop("XDG_DATA_HOME", None)
        os.execvp(command_of(shell)[0], command_of(shell))

    def drain():
        while select.select([fd], [], [], 0)[0]:
            os.read(fd, 65536)

    def appears(name):
        drain()  # a terminal that is full would stop the shell
        return (place / name).exists() and ((place / name).read_text().endswith("\n") or name == "ready")

    def complete(typed):
        (place / "line").unlink(missing_ok=True)
        os.write(fd, f"{typed}\t\x07".encode())
        wait_until(lambda: appears("line"), f"{shell} to complete '{typed}'")
        return (place / "line").read_text()[:-1]

    try:
        wait_until(lambda: appears("ready"), f"{shell} to start")
        yield complete
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)


TYPED = [
    ("loadgen camp", "loadgen campaign "),
    ("loadgen run --prog", "loadgen run --progress "),
    ("loadgen run --progress=pl", "loadgen run --progress=plain "),
    ("loadgen run --progress pl", "loadgen run --progress plain "),
    ("loadgen run tp", "loadgen run tp1 "),
    ("loadgen provision up m4x5", "loadgen provision up m4x5-t2x4 "),
    ("loadgen analysis report results/one", "loadgen analysis report results/one-run"),
    ("loadgen run --body-file wi", "loadgen run --body-file with\\ blank.txt "),
    ("loadgen-analysis exp", "loadgen-analysis export "),
]


@pytest.mark.parametrize("shell", TERMINALS)
def test_tab_in_a_terminal(place, shell):
    need(shell.split("-", maxsplit=1)[0])
    if shell == "bash-completion" and not os.path.exists("/usr/share/bash-completion/bash_completion"):
        pytest.skip("bash-completion is not installed")
    with terminal(place, shell) as complete:
        for typed, line in TYPED:
            assert complete(typed).rstrip(" /") == line.rstrip(), typed


@pytest.mark.parametrize("line, offered, others", [*CASES, ("loadgen run --progress=p", {"--progress=plain"}, {"--progress=auto"})])
def test_fish(place, line, offered, others):
    need("fish")
    shown = ask(place, "fish", "--no-config", "-c", "source script.fish; complete -C $argv[1]", line)
    found = {candidate.split("\t")[0].replace("\\", "") for candidate in shown.splitlines()}
    assert offered <= found and not others & found


def test_fish_finds_what_is_installed(place):
    need("fish")
    folder = place / "share/fish/vendor_completions.d"
    folder.mkdir(parents=True)
    shutil.copy(place / "script.fish", folder / "loadgen.fish")
    shown = ask(place, "fish", "-c", "complete -C 'loadgen analysis rep'", XDG_DATA_DIRS=f"{place}/share:/usr/share")
    assert shown.startswith("report\t")


def test_descriptions_come_along_where_the_shell_shows_them(place):
    need("fish")
    shown = ask(place, "fish", "--no-config", "-c", "source script.fish; complete -C 'loadgen run --thr'")
    assert re.search(r"^--threads\tnumber of event loops", shown, re.M)


def test_a_folder_with_a_wicked_name_runs_nothing(place):
    need("bash")
    wicked = "$(touch pwned)"
    (place / "results" / wicked).mkdir()
    (place / "results" / wicked / "run.json").touch()
    ask(place, "bash", "--norc", "--noprofile", "-c", BASH, "bash", "loadgen analysis report results/")
    assert not (place / "pwned").exists() and not (place / "results/pwned").exists()
