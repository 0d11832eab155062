"""Whatever runs is named with its cost and the command that ends it, and `down` works where nothing can be written."""

import re
import shlex
import shutil
import signal
import subprocess

import pytest

from programs import wait_until

LEFT = re.compile(r"^(\d+ to )?(\d+) instances( and a load balancer)? of m4x4-t2x5 may be running and cost up to (\d\.\d\d) USD an hour until "
                  r"`loadgen (provision down --deployment \S+)` ends that$", re.M)
QUIET = ("--progress", "none")
STEPS = ["RunInstances", "RegisterTargets", "DescribeTargetHealth"]


def end_as_advised(account, stderr, command=re.compile("`loadgen provision (.*?)`")):
    """Runs the command of the error."""
    account.run(*shlex.split(command.findall(stderr)[-1]))
    account.assert_empty()


@pytest.mark.parametrize("step", STEPS)
def test_an_up_that_fails_names_what_it_leaves(account, step):
    def deny(_number, action):
        """Not before the last path rule: dry runs are done by then."""
        if action == "CreateRule" and not account.fake.faults:
            account.fake.fault(step, code="UnauthorizedOperation", status=403, times=99, skip=1 if step == "RunInstances" else 0)

    account.fake.before = deny
    done = account.up(*QUIET, expect=1)
    (found,) = LEFT.finditer(done.stderr)
    assert found[2] == "9" and found[3] and found[4] == "0.98"
    assert (found[1] is None) == (account.counts()["instances"] == 9)
    account.fake.before = None
    account.fake.faults.clear()
    end_as_advised(account, done.stderr)


def test_a_load_balancer_alone_is_named_with_its_cost(account):
    account.fake.fault("CreateListener", code="UnauthorizedOperation", status=403)
    done = account.up(*QUIET, expect=1)
    assert "\na load balancer of m4x4-t2x5 may be running and cost up to 0.03 USD an hour until `" in done.stderr
    end_as_advised(account, done.stderr)


def test_what_costs_nothing_is_named_as_such(account):
    account.fake.fault("CreateTargetGroup", code="UnauthorizedOperation", status=403)
    done = account.up(*QUIET, expect=1)
    assert "what was made of m4x4-t2x5 costs nothing by itself: `loadgen provision down --deployment " in done.stderr
    end_as_advised(account, done.stderr)


def test_the_command_names_the_profile_and_the_error_when_the_instances_end(account):
    (account.folder / ".aws").mkdir()
    key, (secret, _) = next(iter(account.fake.keys.items()))
    (account.folder / ".aws/credentials").write_text(f"[lab]\naws_access_key_id={key}\naws_secret_access_key={secret}\n")
    del account.env["AWS_ACCESS_KEY_ID"], account.env["AWS_SECRET_ACCESS_KEY"]
    account.fake.fault("RegisterTargets", code="UnauthorizedOperation", status=403)
    done = account.up(*QUIET, "--profile", "lab", "--expire", "4h", expect=1)
    expires = account.deployment["expires_utc"]
    assert f"without it the instances end by themselves at {expires}, the load balancer never\n" in done.stderr
    end_as_advised(account, done.stderr)


@pytest.mark.parametrize("options", [("m4x5-t2x4",), ("--port", "80"), ("--region", "eu-west-1")])
def test_an_up_that_is_refused_names_what_runs(account, options):
    account.up()
    done = account.up(*QUIET, *options, expect=2)
    assert LEFT.search(done.stderr)
    end_as_advised(account, done.stderr)


@pytest.mark.parametrize("command", ["up", "down"])
def test_lost_credentials_leave_the_cost_in_sight(account, command):
    account.up()
    done = account.run(command, "--deployment", account.path, *QUIET, env={"AWS_SECRET_ACCESS_KEY": "wrong"}, expect=1)
    assert LEFT.search(done.stderr)
    account.fake.refused.clear()
    end_as_advised(account, done.stderr)


def test_a_down_that_fails_names_what_it_leaves(account):
    account.up()
    account.fake.fault("TerminateInstances", code="UnauthorizedOperation", status=403, times=99)
    done = account.down(*QUIET, expect=1)
    assert re.search(r"\b11 resources are left, as listed above, and cost about 0\.94 USD an hour: `loadgen ", done.stderr)
    account.fake.faults.clear()
    end_as_advised(account, done.stderr)


def test_an_interrupted_up_names_what_it_leaves(account):
    account.fake.before = lambda number, action: account.fake.ec2.alive() and running and running[0].send_signal(signal.SIGHUP)
    running = []
    running.append(account.start_up(*QUIET))
    assert running[0].wait() == 130
    assert LEFT.search(running[0].stderr), running[0].stderr
    account.fake.before = None
    end_as_advised(account, running[0].stderr)


def closed_pipe(account, command, *options):
    """Runs it with stdout and stderr in a pipe whose reader has left."""
    argv = account.programs.argv("loadgen-provision", command, "--deployment", account.path, *options)
    script = '"$@" 2>&1; echo $? >code'
    subprocess.run(["sh", "-c", f"({script}) | true", "sh", *argv], env={**account.programs.env, **account.env}, cwd=account.folder,
                   stdin=subprocess.DEVNULL, timeout=60, check=True)
    wait_until((account.folder / "code").exists, "the exit code")
    return int((account.folder / "code").read_text())


def test_a_reader_that_leaves_ends_neither_up_nor_down(account):
    assert closed_pipe(account, "up", "--provider", "aws") == 0
    account.assert_complete()
    assert closed_pipe(account, "down") == 0
    account.assert_empty()


def test_a_disk_that_fills_during_up_is_reported_with_what_runs(account):
    """The record grows with each id: no file may become as large as the last one."""
    account.up()
    bytes_most = account.path.stat().st_size - 800
    account.down()
    done = account.up(*QUIET, limits={"FSIZE": bytes_most}, expect=1)
    assert "File too large" in done.stderr and LEFT.search(done.stderr), done.stderr
    end_as_advised(account, done.stderr)


def test_an_up_whose_output_is_lost_is_reported_with_what_runs(account):
    argv = account.programs.argv("loadgen-provision", "up", "--provider", "aws", "--deployment", account.path, *QUIET)
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(argv, env={**account.programs.env, **account.env}, stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE,
                              text=True, check=False)
    assert done.returncode == 1 and LEFT.search(done.stderr), done.stderr
    account.assert_complete()
    end_as_advised(account, done.stderr)


@pytest.mark.parametrize("disk", ["full", "read-only"])
@pytest.mark.parametrize("provider", ["aws", "local"])
def test_down_needs_no_writable_file(programs, account, tmp_path, disk, provider):
    """In a mount namespace of its own: the file lies on a small file system that is then filled, or made read-only."""
    if not shutil.which("unshare") or subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False).returncode:
        pytest.skip("a file system of its own needs unshare(1) and the right to mount one")
    account.run("up", "--provider", provider, "--deployment", account.path)
    made = {"full": "cat /dev/zero >mnt/fill 2>/dev/null || :", "read-only": "mount -o remount,ro none mnt"}[disk]
    (tmp_path / "mnt").mkdir()
    script = f'mount -t tmpfs -o size=64k,nr_inodes=9 none mnt && cp deployment.json mnt/ && {made} && "$@" && ls -A mnt'
    done = programs.run("unshare", "-rm", "sh", "-c", script, "sh", *programs.argv(
        "loadgen-provision", "down", "--deployment", "mnt/deployment.json"), env=account.env)
    if disk == "full":
        assert done.stdout == "nothing is left\nfill\n" and "note: cannot write mnt/deployment.json" in done.stderr
    else:
        assert done.stdout == "nothing is left but mnt/deployment.json, which cannot be removed: Read-only file system\ndeployment.json\n"
    account.path.unlink()
    account.assert_empty()


@pytest.mark.parametrize("command, text", [("up", ""), ("down", ""), ("down", "{"), ("down", "\0" * 100), ("status", '{"schema_version": 1, "prov'),
                                           ("metrics", "")])
def test_an_unreadable_file_leads_to_down_lost(account, command, text):
    account.path.write_text(text)
    done = account.run(command, "--deployment", account.path, *(["--provider", "aws"] if command == "up" else []), expect=2)
    assert "`loadgen provision down --lost --provider aws`" in done.stderr
    assert account.path.read_text() == text
