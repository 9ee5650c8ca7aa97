"""What all runs need: requests to the control plane that `tests/cluster/cluster with` started, operators as processes,
and what the API server's audit log says about them. Nothing but Python's own library.
"""

import contextlib
import http.client
import json
import os
import signal
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
STATE = Path(os.environ.get("CLUSTER_STATE", "target/cluster/state"))
PIPELINES = "/apis/streams.sentry.io/v1alpha1"
ACCOUNT = "streams-k8s-operator"
FINALIZER = "streams.sentry.io/cleanup"

Json = dict[str, Any]


class Refused(Exception):
    """The API server answered with an error."""

    def __init__(self, code: int, body: bytes) -> None:
        super().__init__(f"{code}: {body[:500]!r}")
        self.code = code


class Api:
    """Requests as administrator; a connection for each thread."""

    def __init__(self) -> None:
        text = kubectl("config", "view", "--raw", "-o", "json")
        config = json.loads(text)
        cluster = config["clusters"][0]["cluster"]
        self.server = cluster["server"]
        self.authority = cluster["certificate-authority"]
        self.token = config["users"][0]["user"]["token"]
        self._context = ssl.create_default_context(cafile=self.authority)
        self._local = threading.local()

    def _connection(self) -> http.client.HTTPSConnection:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            place = urlsplit(self.server)
            connection = http.client.HTTPSConnection(
                place.hostname or "", place.port, context=self._context, timeout=60
            )
            self._local.connection = connection
        return connection

    def request(self, verb: str, path: str, body: Json | list[Any] | None = None) -> Json:
        kind = {
            "PATCH": "application/merge-patch+json",
            "APPLY": "application/apply-patch+yaml",
        }.get(verb, "application/json")
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        data = None if body is None else json.dumps(body)
        for attempt in range(5):
            connection = self._connection()
            try:
                connection.request(verb.replace("APPLY", "PATCH"), path, data, headers)
                answer = connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException):
                # The server was restarted, perhaps.
                connection.close()
                self._local.connection = None
                if attempt == 4:
                    raise
                time.sleep(0.5 * (attempt + 1))
                continue
            if answer.status >= 400:
                raise Refused(answer.status, content)
            result: Json = json.loads(content)
            return result
        raise AssertionError("unreachable")

    def get(self, path: str) -> Json:
        return self.request("GET", path)

    def exists(self, path: str) -> bool:
        try:
            self.get(path)
        except Refused as error:
            if error.code == 404:
                return False
            raise
        return True

    def items(self, path: str) -> list[Json]:
        """A whole list, page by page."""
        items: list[Json] = []
        rest = ""
        while True:
            page = self.get(f"{path}?limit=500{rest}")
            items += page["items"]
            token = page["metadata"].get("continue")
            if not token:
                return items
            rest = f"&continue={token}"

    def count(self, path: str) -> int:
        """How many there are, without reading them."""
        page = self.get(f"{path}?limit=1")
        return len(page["items"]) + int(page["metadata"].get("remainingItemCount", 0))

    def make_namespace(self, name: str) -> None:
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        with contextlib.suppress(Refused):
            self.request("POST", "/api/v1/namespaces", body)


def kubectl(*arguments: str, text: str = "") -> str:
    done = subprocess.run(["kubectl", *arguments], input=text, text=True, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"kubectl {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def install() -> None:
    for name in ("crd.yaml", "rbac.yaml"):
        path = str(ROOT / "operator" / "manifests" / name)
        kubectl("apply", "--server-side", "--force-conflicts", "-f", path)
    kubectl("wait", "--for=condition=Established", "crd/streamingpipelines.streams.sentry.io")


def pipelines_path(namespace: str, name: str = "") -> str:
    path = f"{PIPELINES}/namespaces/{namespace}/streamingpipelines"
    return f"{path}/{name}" if name else path


def deployments_path(namespace: str, name: str = "") -> str:
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    return f"{path}/{name}" if name else path


def pipeline(name: str, replicas: int = 1, image: str = "example.com/image:1") -> Json:
    """A pipeline whose Deployment is `svc-pipeline-NAME-0`."""
    step = {"starts_segment": True, "bootstrap_servers": ["127.0.0.1:9092"]}
    return {
        "apiVersion": "streams.sentry.io/v1alpha1",
        "kind": "StreamingPipeline",
        "metadata": {"name": name},
        "spec": {
            "service_name": "svc",
            "pipeline_name": name,
            "pipeline_module": "pipeline.py",
            "image_name": image,
            "cpu_per_process": 100,
            "memory_per_process": 64,
            "replicas": replicas,
            "deployment_template": {},
            "container_template": {},
            "pipeline_config": {
                "env": {},
                "pipeline": {"segments": [{"steps_config": {"in": step}}]},
            },
        },
    }


def deployment_of(name: str) -> str:
    return f"svc-pipeline-{name}-0"


def image_of(deployment: Json) -> str:
    return str(deployment["spec"]["template"]["spec"]["containers"][0]["image"])


def condition(pipeline: Json, kind: str) -> Json:
    conditions = pipeline.get("status", {}).get("conditions", [])
    return next((found for found in conditions if found["type"] == kind), {})


def is_settled(pipeline: Json) -> bool:
    """Whether the operator has said that the newest spec is ready."""
    status = pipeline.get("status", {})
    is_seen = status.get("observedGeneration") == pipeline["metadata"]["generation"]
    return is_seen and condition(pipeline, "Ready").get("status") == "True"


def in_parallel(do: Callable[[Any], Any], all_of_them: Iterable[Any], threads: int = 8) -> None:
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(do, all_of_them):
            pass


def wait_until(what: str, is_so: Callable[[], bool], seconds: float = 600, look: float = 0.2) -> float:
    """Waits; returns for how many seconds."""
    begin = time.monotonic()
    while not is_so():
        if time.monotonic() - begin > seconds:
            raise TimeoutError(f"waited {seconds} s in vain for {what}")
        time.sleep(look)
    return time.monotonic() - begin


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Operator:
    """An operator as a process, with what the system says about it."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **environment})

    def processor_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self, field: str = "VmRSS") -> float:
        """Megabytes: `VmRSS` now, `VmHWM` at most so far."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(field):
                return int(line.split()[1]) / 1000
        raise ValueError(field)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self, seconds: float = 60) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()


def account_config(name: str, namespace: str, account: str, server: str = "") -> Path:
    """A kubeconfig for a service account; `server` is another way to the API server."""
    token = kubectl("create", "token", account, "-n", namespace, "--duration=8h").strip()
    config = json.loads(kubectl("config", "view", "--raw", "-o", "json"))
    config["users"][0]["user"] = {"token": token}
    if server:
        config["clusters"][0]["cluster"] = {"server": server}
    path = STATE / f"{name}.kubeconfig"
    path.write_text(json.dumps(config))
    return path


def start_ours(program: str, name: str, *options: str, server: str = "") -> Operator:
    config = account_config(name, ACCOUNT, ACCOUNT, server)
    command = [program, "run", "--http-address", "127.0.0.1:0", "--identity", name]
    command += ["--lease-namespace", ACCOUNT, *options]
    return Operator(name, command, {"KUBECONFIG": str(config)}, STATE / f"{name}.log")


class Audit:
    """What the API server noted since this was made."""

    def __init__(self) -> None:
        self.path = STATE / "audit.log"
        self.mark()

    def mark(self) -> None:
        self.begin = self.path.stat().st_size

    def events(self) -> Iterator[Json]:
        with self.path.open("rb") as log:
            log.seek(self.begin)
            for line in log:
                # The last one may be half written.
                if line.endswith(b"\n"):
                    yield json.loads(line)

    def requests(self, user: str) -> Counter[str]:
        """Requests of a service account by verb and resource, but for watches and leases."""
        found: Counter[str] = Counter()
        for event in self.events():
            resource = event.get("objectRef", {})
            if event["user"]["username"] != user or event["verb"] == "watch":
                continue
            if resource.get("resource") == "leases":
                continue
            name = "/".join(filter(None, [resource.get("resource"), resource.get("subresource")]))
            found[f"{event['verb']} {name}"] += 1
        return found
