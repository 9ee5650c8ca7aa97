"""A proxy on loopback before the API server, which does what networks and busy servers do."""

import contextlib
import http.client
import json
import random
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

LEASE_TIME = re.compile(rb'("(?:acquire|renew)Time":")([^"]+)')
REASONS = {409: "Conflict", 429: "TooManyRequests", 500: "InternalError"}


@dataclass
class Faults:
    """What goes wrong; nothing where all is zero."""

    # Shares of requests that are answered with this code in place of the server.
    conflict: float = 0
    too_many: float = 0
    internal: float = 0
    # Share of requests that the server gets, and whose answers are lost.
    lost: float = 0
    # Seconds, at most: before a request goes on, and before an event of a watch does.
    delay: float = 0
    late: float = 0
    # Until then nothing moves, and connections stay open.
    frozen_until: float = 0
    # Seconds by which the client's clock is ahead: so much later are the times that it writes into leases, and so much
    # earlier look those that it reads.
    clock: float = 0


class Proxy:
    """Listens in plain HTTP; asks the API server over TLS with the client's own token."""

    def __init__(self, server: str, authority: str, seed: int) -> None:
        self.upstream = urlsplit(server)
        self.tls = ssl.create_default_context(cafile=authority)
        self.random = random.Random(seed)
        self.faults = Faults()
        self.connections: set[socket.socket] = set()
        self.lock = threading.Lock()
        handler = type("Bound", (Handler,), {"proxy": self})
        self.http = Server(("127.0.0.1", 0), handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.http.server_address[1]}"

    def keep(self, connection: socket.socket) -> None:
        with self.lock:
            self.connections.add(connection)

    def cut(self) -> None:
        """Ends every connection, on both sides."""
        with self.lock:
            connections, self.connections = self.connections, set()
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def freeze(self, seconds: float) -> None:
        """Half-open connections: nothing comes through, and nobody is told. Then they are gone."""
        self.faults.frozen_until = time.monotonic() + seconds

    def waits_in_vain(self) -> bool:
        """Waits as long as all is frozen; what waited then is lost."""
        was_frozen = False
        while (left := self.faults.frozen_until - time.monotonic()) > 0:
            was_frozen = True
            time.sleep(min(left, 0.5))
        return was_frozen


class Server(ThreadingHTTPServer):
    """Connections that break are what it is for."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


class Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    # Answers go out in pieces; none is to wait for the acknowledgement of the one before.
    disable_nagle_algorithm = True
    wbufsize = -1
    proxy: Proxy

    def setup(self) -> None:
        super().setup()
        self.server_side: http.client.HTTPSConnection | None = None
        self.proxy.keep(self.connection)

    def finish(self) -> None:
        if self.server_side is not None:
            self.server_side.close()
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, *_: object) -> None:
        pass

    def pass_on(self) -> None:
        try:
            self.pass_on_or_fail()
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            # Either side is gone; so is this connection.
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

    def pass_on_or_fail(self) -> None:
        proxy, faults, chance = self.proxy, self.proxy.faults, self.proxy.random.random
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if proxy.waits_in_vain():
            self.close_connection = True
            return
        if faults.delay:
            time.sleep(faults.delay * chance())
        is_write = self.command != "GET"
        for code, share in (
            (429, faults.too_many),
            (500, faults.internal),
            (409, faults.conflict if is_write else 0),
        ):
            if chance() < share:
                self.refuse(code)
                return

        answer = self.ask(self.lease_times(body, faults.clock))
        if "watch=true" in self.path and answer.status == 200:
            self.pass_on_events(answer)
            return
        content = self.lease_times(answer.read(), -faults.clock)
        if chance() < faults.lost or proxy.waits_in_vain():
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def lease_times(self, content: bytes, seconds: float) -> bytes:
        """Content of a request about a lease, whose times are so much later."""
        if not seconds or "/leases" not in self.path:
            return content

        def later(found: re.Match[bytes]) -> bytes:
            time = datetime.fromisoformat(found[2].decode()) + timedelta(seconds=seconds)
            return found[1] + time.isoformat(timespec="microseconds").replace("+00:00", "Z").encode()

        return LEASE_TIME.sub(later, content)

    def ask(self, body: bytes) -> http.client.HTTPResponse:
        if self.server_side is None:
            place = self.proxy.upstream
            self.server_side = http.client.HTTPSConnection(place.hostname or "", place.port, context=self.proxy.tls)
            self.server_side.connect()
            self.proxy.keep(self.server_side.sock)
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in ("host", "connection", "accept-encoding")
        }
        self.server_side.request(self.command, self.path, body or None, headers)
        return self.server_side.getresponse()

    def refuse(self, code: int) -> None:
        status = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": "the proxy says so",
            "reason": REASONS[code],
            "code": code,
        }
        content = json.dumps(status).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def pass_on_events(self, answer: http.client.HTTPResponse) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.getheader("Content-Type", "application/json"))
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        while line := answer.readline():
            if self.proxy.faults.late:
                time.sleep(self.proxy.faults.late * self.proxy.random.random())
            if self.proxy.waits_in_vain():
                self.close_connection = True
                return
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()
