"""S40 and S41: heads that are bombs, and bytes that one side takes for a request."""

import contextlib
import json
import re
import shutil
import socket
import subprocess
import time

import pytest

from tests.support.raw import TEXT, RawPeer, frame, handshake
from tests.support.served import WITHIN, Raw, Served
from tests.support.server import free_port

pytestmark = [pytest.mark.process, pytest.mark.timeout(180)]

# As in docs/how-to/behind-a-proxy.md, without TLS.
NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{upstream};
            proxy_http_version 1.1;
            proxy_set_header Host $host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "upgrade";
            proxy_read_timeout 60s;
            proxy_buffering off;
        }}
    }}
}}
"""
HAPROXY = """
global
    maxconn 512
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    timeout tunnel 60s
frontend chat
    bind 127.0.0.1:{port}
    default_backend goldenpath
backend goldenpath
    server one 127.0.0.1:{upstream}
"""
PROXIES = {
    "nginx": (NGINX, ("nginx", "-e", "stderr", "-c")),
    "haproxy": (HAPROXY, ("haproxy", "-db", "-f")),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    data = tmp_path_factory.mktemp("smuggling")
    with Served(data, ["ada", "eve"], log_level="info") as served:
        yield served
        assert served.server.errors() == []


@contextlib.contextmanager
def proxy(name, upstream, folder):
    """Run a proxy in front of a port; yield its own."""
    text, command = PROXIES[name]
    port = free_port()
    config = folder / f"{name}.conf"
    config.write_text(text.format(folder=folder, port=port, upstream=upstream))
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen([*command, config], stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + WITHIN
        while True:
            assert process.poll() is None, (folder / "output").read_text()
            assert time.monotonic() < deadline
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            time.sleep(0.01)
        yield port
    finally:
        process.terminate()
        process.wait(WITHIN)


@pytest.fixture(scope="module", params=["nothing", *PROXIES])
def port(request, served, tmp_path_factory):
    """Where the server can be reached: itself, or a proxy in front of it."""
    if request.param == "nothing":
        yield served.port
        return
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed: not tried behind it")
    with proxy(request.param, served.port, tmp_path_factory.mktemp("proxy")) as port:
        yield port


def smuggled(number):
    """Return a request that leaves a trace: it fails to log in from its address."""
    body = json.dumps({"name": f"smuggled{number}", "password": "x"})
    return (
        "POST /login HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def traces(served):
    """Return how many logins failed so far, or were not even looked at."""
    return served.server.log().count("goldenpath.audit login_")


def changed(old, new):
    return handshake("h").replace(old.encode(), new.encode())


KEY = "Sec-WebSocket-Key: "
VERSION = "Sec-WebSocket-Version: 13\r\n"
UPGRADE = "Upgrade: websocket\r\n"
CONNECTION = "Connection: Upgrade\r\n"


def with_body(*lines):
    """Return a handshake that announces a body, which is a request."""
    inner = smuggled("body")
    more = "".join(f"{line}\r\n" for line in lines).format(size=len(inner))
    return changed(VERSION, VERSION + more), inner


def chunked(data):
    return f"{len(data):x}\r\n".encode() + data + b"\r\n0\r\n\r\n"


HANDSHAKES_WITH_A_BODY = {
    "a length": with_body("Content-Length: {size}"),
    "chunks": (with_body("Transfer-Encoding: chunked")[0], chunked(smuggled("chunk"))),
    "both": (
        with_body("Content-Length: {size}", "Transfer-Encoding: chunked")[0],
        chunked(smuggled("both")),
    ),
    "both, the other way round": (
        with_body("Transfer-Encoding: chunked", "Content-Length: 4")[0],
        chunked(smuggled("both")),
    ),
    "two lengths": with_body("Content-Length: 0", "Content-Length: {size}"),
    "a length and no version": (
        with_body("Content-Length: {size}")[0].replace(VERSION.encode(), b""),
        smuggled("body"),
    ),
    "another version": (
        with_body("Content-Length: {size}")[0].replace(b"Version: 13", b"Version: 777"),
        smuggled("body"),
    ),
    "a bad key": (
        with_body("Content-Length: {size}")[0].replace(KEY.encode(), b"X-Key: "),
        smuggled("body"),
    ),
    "chunks by a trick": (
        with_body("Transfer-Encoding : chunked")[0],
        chunked(smuggled("trick")),
    ),
    "chunks by another trick": (
        with_body("Transfer-Encoding: \x0bchunked")[0],
        chunked(smuggled("trick")),
    ),
}


@pytest.mark.parametrize("how", HANDSHAKES_WITH_A_BODY)
def test_s41_what_a_handshake_has_for_a_body_is_no_request(served, port, how):
    """Behind a proxy, who checks the proxy's users would never have seen it."""
    before = traces(served)
    head, body = HANDSHAKES_WITH_A_BODY[how]
    with RawPeer(port) as peer:
        with contextlib.suppress(OSError):
            peer.send(head + body)
        with contextlib.suppress(ConnectionError):
            status, _, _ = peer.read_head()
            # 404 if the proxy made something else of it.
            assert status in (400, 404, 411, 426, 501)

    assert served.serves("ada")
    assert traces(served) == before


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(changed(CONNECTION, new), id=new.strip() or "none")
        for new in (
            "",
            "Connection: close\r\n",
            "Connection: Upgrade, close\r\n",
            "Connection: Upgradex\r\n",
            "Connection: Sec-WebSocket-Key\r\n",
        )
    ]
    + [
        pytest.param(changed(UPGRADE, new), id=new.strip() or "no upgrade")
        for new in ("", "Upgrade: websocket, h2c\r\n", "Upgrade: h2c\r\n")
    ]
    + [
        pytest.param(changed("GET", "POST"), id="POST"),
        pytest.param(changed("HTTP/1.1", "HTTP/1.0"), id="HTTP/1.0"),
        pytest.param(changed("Host: h\r\n", ""), id="no host"),
        pytest.param(changed("Host: h\r\n", "Host: h\r\nHost: g\r\n"), id="two hosts"),
        pytest.param(changed(VERSION, VERSION + "X: a\rb\r\n"), id="a bare CR"),
        pytest.param(changed(VERSION, VERSION + "X: a\r\n b\r\n"), id="a fold"),
        pytest.param(changed(VERSION, VERSION + "X: a\n\tb\r\n"), id="another fold"),
        pytest.param(changed(VERSION, VERSION + "X : a\r\n"), id="a space"),
        pytest.param(changed("GET /ws", "GET  /ws"), id="two spaces"),
    ],
)
def test_s41_a_handshake_that_is_none_ends_without_a_tunnel(served, request_):
    """And what stands behind it is not read, whoever wrote it there."""
    before = traces(served)
    with RawPeer(served.port) as peer:
        with contextlib.suppress(OSError):
            peer.send(request_ + smuggled("glued"))
        answer = peer.read_to_end()

    assert answer.startswith((b"HTTP/1.1 40", b"HTTP/1.1 426"))
    assert len(re.findall(rb"^HTTP/1.1 \d", answer, re.MULTILINE)) == 1
    # Nor does it say back what came, or what read it.
    assert b"bytearray" not in answer
    assert traces(served) == before


def test_s41_what_follows_an_accepted_handshake_is_bytes_of_a_websocket(served, port):
    """A proxy sees a tunnel from here on; so must the server."""
    before = traces(served)
    with Raw(port) as peer:
        peer.send(
            handshake(f"127.0.0.1:{port}", headers=[served.bearer("eve")])
            + smuggled("after")
        )
        status, _, _ = peer.read_head()
        code, _ = peer.read_close()
        left = peer.read_to_end()

    assert (status, code, left) == (101, 1002, b"")
    assert traces(served) == before


def test_s41_the_trace_that_is_looked_for_would_be_there(served, port):
    """Otherwise nothing was shown: the same bytes, where they are a request."""
    before = traces(served)
    with RawPeer(port) as peer:
        peer.send(smuggled("openly"))
        status, _, _ = peer.read_head()

    assert status in (401, 429)
    assert traces(served) == before + 1


def test_s41_an_honest_handshake_works_behind_it(served, port):
    with Raw(port) as peer:
        assert peer.open(headers=[served.bearer("ada")])[0] == 101
        peer.hello()
        peer.send(frame("x" * 70_000))
        assert peer.take("error")["code"] == "bad_message"
        thread = peer.say("hello")["thread"]
        assert peer.answer_of(thread)["text"] == "hello"


@pytest.mark.parametrize(
    "headers",
    [
        [("Cookie", "x" * 65_536)],
        [(f"X-{number}", "1") for number in range(1000)],
        [("X" * 65_536, "1")],
        [("X-Forwarded-For", "10.0.0.1, " * 10_000)],
        [("Sec-WebSocket-Protocol", "goldenpath.v1, " + "a, " * 20_000)],
        [("Sec-WebSocket-Extensions", "permessage-deflate; " * 4_000)],
        [("Authorization", "Bearer " + "x" * 65_536)],
        [("Origin", "https://" + "x" * 65_536)],
    ],
    ids=lambda headers: f"{len(headers)} {headers[0][0][:30]}",
)
@pytest.mark.parametrize("path", ["/ws", "/threads"])
def test_s40_a_head_that_is_a_bomb_is_refused(served, port, path, headers):
    request = handshake("h", path=path, headers=headers)
    if path != "/ws":
        lines = (CONNECTION, UPGRADE, VERSION, KEY)
        request = b"\r\n".join(
            line
            for line in request.split(b"\r\n")
            if not line.startswith(
                tuple(one.partition(":")[0].encode() for one in lines)
            )
        )
    with RawPeer(port) as peer:
        with contextlib.suppress(OSError):
            peer.send(request)
        # A server that closes at once may reset what it has said.
        with contextlib.suppress(ConnectionError):
            status, _, _ = peer.read_head()
            assert status in (400, 431)

    assert served.serves("ada")


def test_s40_a_line_without_an_end_is_refused_before_it_is_kept(served):
    before = served.resident_bytes()
    peers = [served.peer() for _ in range(20)]
    for peer in peers:
        with contextlib.suppress(OSError):
            peer.send(b"GET /" + b"x" * 4_000_000)
    statuses = set()
    for peer in peers:
        with contextlib.suppress(ConnectionError):
            statuses.add(peer.read_head()[0])
        peer.close()

    assert statuses <= {431}
    assert served.resident_bytes() - before < 16 * 1024 * 1024
    assert served.serves("ada")


def test_s40_a_path_and_a_query_are_part_of_the_head(served):
    for target in ("/ws?" + "a=b&" * 10_000, "/" + "a/" * 20_000):
        with RawPeer(served.port) as peer:
            with contextlib.suppress(OSError):
                peer.send(f"GET {target} HTTP/1.1\r\nHost: h\r\n\r\n".encode())
            with contextlib.suppress(ConnectionError):
                assert peer.read_head()[0] == 431
    with Raw(served.port) as peer:
        assert peer.open(path="/ws?a=b", headers=[served.bearer("ada")])[0] == 101
        peer.hello()
        peer.send(frame("{", opcode=TEXT))
        assert peer.take("error")["code"] == "bad_message"
