"""S01, S27, S29 in a browser: what a page of somebody else can do to a visitor."""

import contextlib
import http.server
import sqlite3
import threading

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import browser, listener, start_server, visit
from tests.support.browser import aside, is_connected
from tests.support.server import PASSWORD, make_users

# Fixtures of others, for the tests here.
__all__ = ["browser", "listener", "start_server", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

# Opens the socket, says hello, and tells everything that came back.
OPEN = """url => new Promise(done => {
  const seen = [];
  const socket = new WebSocket(url, "goldenpath.v1");
  socket.onopen = () => {
    seen.push("open");
    socket.send(JSON.stringify({frame: "hello", device: "evil"}));
  };
  socket.onmessage = message => {
    const frame = JSON.parse(message.data);
    seen.push(frame.frame);
    if (frame.frame === "welcome") { seen.push(frame.user.name); done(seen); }
  };
  socket.onclose = () => done(seen);
})"""
FETCH = """([url, how]) => fetch(url, how).then(
  async answer => [answer.type, answer.status, await answer.text()],
  () => ["failed", 0, ""],
)"""
SUBMIT = """([url, encoding, fields]) => {
  const form = document.createElement("form");
  Object.assign(form, {action: url, method: "POST", enctype: encoding});
  for (const [name, value] of fields) {
    const input = document.createElement("input");
    Object.assign(input, {type: "hidden", name, value});
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}"""


class Empty(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"<!doctype html><title>evil</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def elsewhere():
    """Serve an empty page from another port; return its port."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def served(start_server):
    """Return a server that knows an attacker as well."""
    server = start_server()
    aside(lambda: make_users(server.data, "mallory"))
    return server


@pytest.fixture
def visitor(served, visit):
    """Return a browser in which alice is logged in."""
    return visit(served)


def foreign_page(visitor, elsewhere, host):
    page = visitor.context.new_page()
    page.goto(f"http://{host}:{elsewhere}/")
    return page


def count(server, table):
    path = server.data / "goldenpath.db"
    with contextlib.closing(sqlite3.connect(path)) as database:
        (number,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()
    return number


# The same host on another port is another origin, but the same site: the browser
# attaches the cookie. That is the page that is dangerous.
SAME_SITE, CROSS_SITE = "127.0.0.1", "localhost"


def test_s01_a_foreign_page_cannot_open_the_socket(
    served, visitor, elsewhere, listener
):
    """Although the browser sends the session cookie along with its handshake."""
    socket_url = served.url.replace("http", "ws") + "/ws"
    own = visitor.open().evaluate(OPEN, socket_url)
    page = foreign_page(visitor, elsewhere, SAME_SITE)
    overheard = listener.url.replace("http", "ws").replace(CROSS_SITE, SAME_SITE)
    page.evaluate(OPEN, overheard)

    assert own[:3] == ["open", "welcome", "alice"]
    assert b"Cookie: goldenpath=" in listener.requests[0]
    assert page.evaluate(OPEN, socket_url) == []


def test_s01_a_page_of_another_site_is_nobody(served, visitor, elsewhere):
    """There the browser keeps the cookie back; nobody is told so, and sent away."""
    socket_url = served.url.replace("http", "ws") + "/ws"
    page = foreign_page(visitor, elsewhere, CROSS_SITE)
    sandboxed = foreign_page(visitor, elsewhere, SAME_SITE)
    sandboxed.evaluate("""() => new Promise(done => {
      const frame = document.createElement("iframe");
      frame.sandbox = "allow-scripts";
      frame.srcdoc = "<!doctype html><title>null</title>";
      frame.onload = done;
      document.body.append(frame);
    })""")

    assert page.evaluate(OPEN, socket_url) == ["open", "error"]
    assert "welcome" not in sandboxed.frames[1].evaluate(OPEN, socket_url)


@pytest.mark.parametrize("host", [SAME_SITE, CROSS_SITE])
def test_s27_a_foreign_form_cannot_log_a_visitor_in(served, visitor, elsewhere, host):
    """Otherwise they would write what they have to say into an attacker's account."""
    before = visitor.context.cookies(), count(served, "sessions")
    json_in_a_form = f'{{"name":"mallory","password":"{PASSWORD}","x":"'
    for encoding, fields in (
        ("text/plain", [[json_in_a_form, '"}']]),
        (
            "application/x-www-form-urlencoded",
            [["name", "mallory"], ["password", PASSWORD]],
        ),
        ("multipart/form-data", [["name", "mallory"], ["password", PASSWORD]]),
    ):
        page = foreign_page(visitor, elsewhere, host)
        with page.expect_navigation() as submitted:
            page.evaluate(SUBMIT, [served.url + "/login", encoding, fields])
        assert submitted.value.status == 403
        page.close()

    assert (visitor.context.cookies(), count(served, "sessions")) == before
    page = visitor.open()
    expect(is_connected(page)).to_be_visible()


@pytest.mark.parametrize("host", [SAME_SITE, CROSS_SITE])
def test_s29_a_foreign_page_gets_no_ticket(served, visitor, elsewhere, host):
    """Nor is one made that it cannot read; nor does it read or change anything."""
    tickets, threads = count(served, "tickets"), count(served, "threads")
    page = foreign_page(visitor, elsewhere, host)
    as_json = {"Content-Type": "application/json"}
    answers = [
        page.evaluate(
            FETCH, [f"{served.url}/{path}", {"credentials": "include", **how}]
        )
        for path in ("ws/ticket", "threads", "logout")
        for how in (
            {"method": "POST", "body": "{}", "headers": as_json},
            {"method": "POST", "body": "{}", "mode": "no-cors"},
            {"method": "POST", "body": "{}"},
            {"method": "DELETE"},
            {"method": "GET"},
        )
    ]

    # Of none can it read a word: there are no CORS headers.
    assert {(kind, text) for kind, _, text in answers} == {
        ("failed", ""),
        ("opaque", ""),
    }
    assert count(served, "tickets") == tickets
    assert count(served, "threads") == threads
    own = {"method": "POST", "body": "{}", "headers": as_json}
    kind, status, _ = visitor.open().evaluate(FETCH, [f"{served.url}/ws/ticket", own])
    assert (kind, status) == ("basic", 200)
    assert count(served, "tickets") == tickets + 1
