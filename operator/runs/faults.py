"""What goes wrong around two replicas of the operator, one thing after the other."""

import json
import subprocess
import time
from collections.abc import Callable

from cluster import ACCOUNT, ROOT, STATE, Api, Json, Operator, install, kubectl, start_ours
from proxy import Faults, Proxy


class Replicas:
    """Two operators, each by a proxy of its own."""

    def __init__(self, program: str, api: Api, seed: int) -> None:
        self.program = program
        self.proxies = [Proxy(api.server, api.authority, seed + number) for number in range(2)]
        self.starts = 0
        self.operators = [self.start(proxy) for proxy in self.proxies]

    def start(self, proxy: Proxy) -> Operator:
        self.starts += 1
        return start_ours(self.program, f"chaos-{self.starts}", server=proxy.address)

    def leader(self) -> int:
        holder = kubectl("get", "lease", ACCOUNT, "-n", ACCOUNT, "-o", "jsonpath={.spec.holderIdentity}")
        names = [operator.name for operator in self.operators]
        return names.index(holder) if holder in names else 0

    def end(self) -> None:
        for operator in self.operators:
            operator.end()


class Chaos:
    """What goes wrong, one thing after the other."""

    def __init__(self, replicas: Replicas) -> None:
        self.replicas = replicas
        self.kinds: list[Callable[[], None]] = [
            self.cuts,
            self.leader_is_killed,
            self.freezes,
            self.server_refuses,
            self.answers_are_lost,
            self.server_restarts,
            self.watches_are_late,
            self.rights_are_taken,
            self.leader_stops,
            self.clocks_differ,
            self.store_is_compacted,
            self.store_restarts,
        ]

    def set(self, faults: Faults, seconds: float) -> None:
        for proxy in self.replicas.proxies:
            proxy.faults = faults
        time.sleep(seconds)
        for proxy in self.replicas.proxies:
            proxy.faults = Faults()

    def cuts(self) -> None:
        for _ in range(3):
            for proxy in self.replicas.proxies:
                proxy.cut()
            time.sleep(0.5)

    def freezes(self) -> None:
        proxy = self.replicas.proxies[self.replicas.leader()]
        proxy.freeze(6)
        time.sleep(6)
        proxy.cut()

    def server_refuses(self) -> None:
        self.set(Faults(conflict=0.1, too_many=0.1, internal=0.1, delay=0.2), 5)

    def answers_are_lost(self) -> None:
        self.set(Faults(lost=0.3), 4)

    def watches_are_late(self) -> None:
        self.set(Faults(late=0.5), 5)

    def leader_is_killed(self) -> None:
        number = self.replicas.leader()
        self.replicas.operators[number].kill()
        self.replicas.operators[number] = self.replicas.start(self.replicas.proxies[number])

    def leader_stops(self) -> None:
        """Its clock stands still for longer than its lease; then it goes on as if nothing had been."""
        process = self.replicas.operators[self.replicas.leader()].process
        process.send_signal(19)
        time.sleep(17)
        process.send_signal(18)

    def clocks_differ(self) -> None:
        """One replica's clock is a minute ahead, then a minute late."""
        proxy = self.replicas.proxies[0]
        for seconds in (60, -60):
            proxy.faults = Faults(clock=seconds)
            time.sleep(8)
        proxy.faults = Faults()

    def rights_are_taken(self) -> None:
        kubectl("delete", "clusterrolebinding", ACCOUNT)
        for proxy in self.replicas.proxies:
            proxy.cut()
        time.sleep(3)
        install()

    def server_restarts(self) -> None:
        restart("kube-apiserver")

    def store_restarts(self) -> None:
        restart("etcd", "kube-apiserver")

    def store_is_compacted(self) -> None:
        arguments = (STATE / "kube-apiserver.arguments").read_text().split()
        store = arguments[arguments.index("--etcd-servers") + 1]
        revision = json.loads(post(f"{store}/v3/maintenance/status", {}))["header"]["revision"]
        post(f"{store}/v3/kv/compaction", {"revision": revision, "physical": True})
        for proxy in self.replicas.proxies:
            proxy.cut()


def restart(*servers: str) -> None:
    subprocess.run([str(ROOT / "tests/cluster/cluster"), "restart", *servers], check=True)


def post(url: str, body: Json) -> str:
    command = ["curl", "-sSf", "-X", "POST", "-d", json.dumps(body), url]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
