"""The manifests for Kubernetes and ParallelCluster: what they name exists, their counts agree, and what the Job's pods run is run here.

kubectl, where installed, reads them into Kubernetes' own types: a field that it does not know would be missing from what it prints."""
# ctest: release

import json
import re
import shutil
import time

import pytest

from programs import ROOT
from run_folder import RunFolder

yaml = pytest.importorskip("yaml")

CONTAINERFILE = (ROOT / "Containerfile").read_text()
JOB, MPIJOB, RESULTS, CLUSTER = (list(yaml.safe_load_all((ROOT / f"docs/fleet-{name}.yaml").read_text()))
                                 for name in ("job", "mpijob", "results", "cluster"))
(JOB,), (MPIJOB,), (VOLUME, READER), (CLUSTER,) = JOB, MPIJOB, RESULTS, CLUSTER
LAUNCHER, WORKER = (MPIJOB["spec"]["mpiReplicaSpecs"][name] for name in ("Launcher", "Worker"))
PODS = {"job": JOB["spec"]["template"], "launcher": LAUNCHER["template"], "worker": WORKER["template"], "results": READER}


def container(pod):
    (only,) = pod["spec"]["containers"]
    return only


def words(pod):
    return container(pod).get("command", []) + container(pod).get("args", [])


@pytest.mark.parametrize("pod", PODS.values(), ids=PODS)
def test_a_pod_mounts_what_it_has_and_runs_as_the_user_of_the_image(pod):
    mounted = [mount["name"] for mount in container(pod).get("volumeMounts", [])]
    assert sorted(mounted) == sorted(volume["name"] for volume in pod["spec"].get("volumes", []))
    for volume in pod["spec"].get("volumes", []):
        assert volume.get("persistentVolumeClaim", {"claimName": VOLUME["metadata"]["name"]})["claimName"] == VOLUME["metadata"]["name"]
    user = pod["spec"]["securityContext"]
    assert f"USER {user['runAsUser']}:{user['runAsGroup']}\n" in CONTAINERFILE
    assert container(pod)["image"] == "loadgen-fleet" and "AS fleet\n" in CONTAINERFILE


@pytest.mark.parametrize("pod", [PODS["job"], PODS["launcher"], PODS["worker"]], ids=["job", "launcher", "worker"])
def test_each_generator_has_a_node_of_its_own(pod):
    (rule,) = pod["spec"]["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert rule["labelSelector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()
    assert rule["topologyKey"] == "kubernetes.io/hostname"
    resources = container(pod)["resources"]
    assert resources["requests"] == resources["limits"]


def test_no_share_is_sent_twice():
    spec = JOB["spec"]
    assert spec["completionMode"] == "Indexed" and spec["template"]["spec"]["restartPolicy"] == "Never"
    assert spec["backoffLimit"] == 0 and spec["podReplacementPolicy"] == "Failed"
    assert spec["completions"] == spec["parallelism"] and f"auto/{spec['completions']}" in words(PODS["job"])
    assert MPIJOB["spec"]["runPolicy"]["backoffLimit"] == 0
    assert LAUNCHER["restartPolicy"] == WORKER["restartPolicy"] == "Never"


def test_the_ranks_of_the_mpi_job_are_its_pods():
    assert MPIJOB["spec"]["runLauncherAsWorker"] and MPIJOB["spec"]["slotsPerWorker"] == 1
    mpirun = words(PODS["launcher"])
    assert int(mpirun[mpirun.index("-n") + 1]) == LAUNCHER["replicas"] + WORKER["replicas"]


def test_the_ssh_server_of_a_worker_is_that_of_the_image():
    assert words(PODS["worker"])[0] == "/usr/sbin/sshd" and "openssh-server" in CONTAINERFILE
    assert f"HostKey {MPIJOB['spec']['sshAuthMountPath']}/" in CONTAINERFILE
    assert CONTAINERFILE.count(f"'Port {container(PODS['worker'])['readinessProbe']['tcpSocket']['port']}'") == 2


@pytest.mark.parametrize("name", ["job", "mpijob", "results"])
def test_kubernetes_own_types_have_every_field(name, run, tmp_path):
    if not shutil.which("kubectl"):
        pytest.skip("kubectl is not installed")
    for i, made in enumerate({"job": [JOB], "results": [VOLUME, READER], "mpijob": [pod_of(LAUNCHER), pod_of(WORKER)]}[name]):
        path = tmp_path / f"{i}.json"
        path.write_text(json.dumps(made))
        read = json.loads(run("kubectl", "label", "--local", "-o", "json", "-f", path, "seen=yes", env={"HOME": str(tmp_path)}).stdout)
        del read["metadata"]["labels"]["seen"]
        assert read == {**made, "metadata": {"labels": {}, **made["metadata"]}}


def pod_of(replica):
    """Its pod alone: kubectl knows no MPIJob."""
    metadata = {"name": "pod", **replica["template"]["metadata"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": replica["template"]["spec"]}


def test_the_pods_of_the_job_send_the_whole(nginx, programs, run, tmp_path):
    server = nginx()
    scenario = "name: whole\nstreams:\n  - { name: s, request: { path: / }, phases: [ { rate: 80/s, duration: 1s } ] }\n"
    (tmp_path / "scenario.yaml").write_text(scenario)
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3))
    n = JOB["spec"]["completions"]
    pods = []
    for index in range(n):
        command = " ".join(words(PODS["job"])).replace("START_AT", at).replace("/scenario/", f"{tmp_path}/").replace("/results/", f"{tmp_path}/results/")
        command = command.replace("$(JOB_COMPLETION_INDEX)", str(index)).split()
        pods.append(programs.start(*command, "--target", server.url, "-q", env={"JOB_COMPLETION_INDEX": str(index)}))
    for pod in pods:
        assert pod.wait() == 0, pod.stderr
    run("loadgen", "analysis", "merge", "--out", "whole", *(tmp_path / "results").glob("[0-9]*"), expect=(0, 4))
    whole = RunFolder(tmp_path / "whole")
    assert whole.totals["sent_n"] == len(server.stop_and_read_log()) == 80
    assert whole.run["shards"]["count"] == n and not whole.run["shards"]["missing"]


def test_options_of_the_manifests_exist(run):
    help_text = run("loadgen", "run", "--help").stdout
    for option in re.findall(r"^--[a-z-]+$", "\n".join(words(PODS["job"])), re.M):
        assert option in help_text, option


def test_a_queue_of_the_cluster_gives_a_node_to_one_job():
    (queue,) = CLUSTER["Scheduling"]["SlurmQueues"]
    assert queue["JobExclusiveAllocation"] and queue["ComputeResources"][0]["MaxCount"] == 8
    assert queue["Networking"]["SubnetIds"] == [CLUSTER["HeadNode"]["Networking"]["SubnetId"]]
