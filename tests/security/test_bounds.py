"""S38: every queue inside has an end, and a test that reaches it."""

import ast
import asyncio
import time
from pathlib import Path

import pytest

import goldenpath
from goldenpath.protocol._frames import Result, Send
from tests.connections.conftest import make_world
from tests.support.raw import frame
from tests.support.served import WITHIN, Served

# A fixture of others, for the tests here.
__all__ = ["make_world"]

ROOT = Path(goldenpath.__file__).parent
TESTS = Path(__file__).parent.parent
# What keeps what nobody has taken yet; an executor has a queue of its own.
QUEUES = {
    *("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue", "JoinableQueue", "deque"),
    *("ThreadPoolExecutor", "ProcessPoolExecutor", "create_memory_object_stream"),
}
# These can be given their end when they are made. The others have to be looked after.
BOUNDED_BY = {"Queue": "maxsize", "LifoQueue": "maxsize", "PriorityQueue": "maxsize"}

RUNS = "runs/test_execution.py::test_no_more_runs_than_allowed_are_under_way"

# Every queue of a server: its end, if it has none of its own, and who reaches it.
ENDS = {
    "agents/local.py ThreadPoolExecutor": (
        "one for each run under way; what nobody waits for is not begun",
        (
            "agents/test_local.py"
            "::test_s38_an_answer_that_nobody_waits_for_any_more_is_not_begun"
        ),
    ),
    "agents/local.py Queue": (
        "",
        "agents/test_local.py::test_it_answers_in_pieces_and_counts_what_it_used",
    ),
    "connections/_connection.py deque": (
        "",
        "connections/test_connection.py::test_five_bugs_in_a_row_close_with_4500",
    ),
    "connections/_connection.py Queue": (
        "",
        (
            "security/test_bounds.py"
            "::test_s38_a_client_that_is_faster_than_its_requests_has_to_wait"
        ),
    ),
    "protocol/_outbox.py deque": (
        "`snapshot_bytes`: what is queued gives way, or the reader goes",
        "protocol/test_outbox.py::test_frames_that_must_arrive_have_a_limit_too",
    ),
    "server/_inbox.py deque": (
        "`waiting_messages` and `waiting_bytes`: nothing is read beyond",
        "server/test_websocket.py::test_empty_messages_are_bounded_by_number",
    ),
    "storage/_sqlite.py Queue": ("", "storage/test_sqlite.py::test_a_flood_is_refused"),
    "storage/_sqlite.py ThreadPoolExecutor": (
        "`_JOBS_WAITING`: a read beyond is refused",
        "storage/test_sqlite.py::test_s38_a_flood_of_reads_is_refused_too",
    ),
}
# What is no queue by its type, and would grow like one.
OTHERS = {
    "what an agent says before it is on disk": (
        "runs/test_emitter.py::test_an_agent_that_is_faster_than_the_disk_waits"
    ),
    "what an agent says in all": (
        "runs/test_emitter.py::test_s38_all_that_a_run_says_has_an_end"
    ),
    "runs under way": RUNS,
    "runs that wait": (
        "security/test_floods.py"
        "::test_s60_who_queues_a_hundred_waits_for_those_who_ask_once"
    ),
    "frames that come before the welcome": (
        "connections/test_connection.py"
        "::test_one_frame_too_many_before_the_welcome_closes_with_4429"
    ),
    "hints that come while a log is read": (
        "protocol/test_replay.py::test_more_than_it_holds_back_is_read_instead"
    ),
    "threads that a connection follows": (
        "connections/test_connection.py"
        "::test_s38_a_connection_follows_only_so_many_threads"
    ),
    "connections of a process": (
        "security/test_bounds.py::test_s38_a_full_process_says_when_to_come_back"
    ),
    "connections that have not said hello": (
        "connections/test_registry.py::test_f07_the_oldest_silent_connection_makes_way"
    ),
    "connections of a user": (
        "security/test_floods.py"
        "::test_s33_a_user_has_twenty_connections_and_the_oldest_makes_way"
    ),
    "passwords that wait to be hashed": (
        "auth/test_passwords.py::test_who_comes_when_too_many_wait_is_sent_away"
    ),
    "addresses that are remembered": (
        "auth/test_attempts.py"
        "::test_what_is_remembered_is_bounded_and_the_oldest_is_forgotten"
    ),
    "pieces of a message": (
        "server/test_websocket.py::test_s35_a_message_has_only_so_many_fragments"
    ),
}


def name_of(call):
    """Return what a call calls, without where it comes from."""
    function = call.func
    if isinstance(function, ast.Subscript):
        function = function.value  # Queue[int]()
    return getattr(function, "attr", getattr(function, "id", None))


def has_an_end(call):
    """Tell whether a queue is given one when it is made."""
    name = name_of(call)
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if name == "deque":
        most = call.args[1] if len(call.args) > 1 else given.get("maxlen")
    elif name in BOUNDED_BY:
        most = call.args[0] if call.args else given.get(BOUNDED_BY[name])
    else:
        return False
    # Zero means without end, for all of them but a deque.
    return most is not None and not (
        isinstance(most, ast.Constant) and most.value in (None, 0)
    )


def queues(source):
    """Return the queues that a source makes, and whether each has an end."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        (name_of(call), has_an_end(call)) for call in calls if name_of(call) in QUEUES
    ]


def found():
    """Return all queues of what runs in a server."""
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT)
        # The one is for tests, the other reads source and then ends.
        if place.parts[0] not in ("testing", "guard"):
            for name, is_bounded in queues(path.read_text()):
                yield f"{place} {name}", is_bounded


def test_s38_every_queue_has_an_end():
    everything = list(found())

    assert {queue for queue, _ in everything} == set(ENDS)
    endless = {queue for queue, is_bounded in everything if not is_bounded}
    assert endless == {queue for queue, (end, _) in ENDS.items() if end}


@pytest.mark.parametrize(
    ("source", "is_bounded"),
    [
        ("asyncio.Queue()", False),
        ("Queue(0)", False),
        ("Queue(maxsize=0)", False),
        ("asyncio.Queue[int]()", False),
        ("asyncio.Queue[int](5)", True),
        ("queue.Queue(maxsize=N)", True),
        ("queue.SimpleQueue()", False),
        ("deque(items)", False),
        ("collections.deque((), None)", False),
        ("deque(maxlen=5)", True),
        ("deque([], 5)", True),
        ("concurrent.futures.ThreadPoolExecutor(2)", False),
    ],
)
def test_s38_a_queue_without_an_end_is_found(source, is_bounded):
    assert queues(f"x = {source}")[0][1] is is_bounded


def test_s38_every_end_is_reached_by_a_test():
    for node in (*(test for _, test in ENDS.values()), *OTHERS.values()):
        path, _, name = node.partition("::")
        tree = ast.parse((TESTS / path).read_text())
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        names = {one.name for one in ast.walk(tree) if isinstance(one, functions)}
        assert name in names, node


@pytest.mark.anyio
async def test_s38_a_client_that_is_faster_than_its_requests_has_to_wait(make_world):
    """What is not taken from it stays where it is, in its own network."""
    world = await make_world(frames_burst=1000, runs_queued_per_user=1000)
    device = await world.welcomed()
    post, gate = world.threads.post, asyncio.Event()

    async def slow_post(*arguments, **named):
        await gate.wait()
        return await post(*arguments, **named)

    world.threads.post = slow_post
    for number in range(200):
        device.put(Send(id=f"{number}", client_message_id=f"{number}", text="hi"))
    inbox = device.connection._inbox
    async with asyncio.timeout(30):
        while not inbox.full():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0)
    # One more is in the reader's hand, and one with who answers.
    left = device.wire.incoming.qsize()
    gate.set()
    await device.until(lambda: any(one.id == "199" for one in device.of(Result)))

    assert inbox.maxsize == 64
    assert left >= 200 - 64 - 2


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A server with little room."""
    data = tmp_path_factory.mktemp("small")
    with Served(data, ["ada", "eve"], settings={"connections_at_once": 12}) as served:
        yield served
        assert served.server.errors() == []


def wait_for_room(served):
    deadline = time.monotonic() + WITHIN
    while served.request("GET", "/readyz")[0] != 200:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.process
def test_s38_a_full_process_says_when_to_come_back(small):
    """And takes the next one as soon as somebody leaves."""
    devices = [small.opened("eve") for _ in range(12)]
    for device in devices:
        device.hello()
    turned_away = []
    for _ in range(3):
        with small.peer() as peer:
            assert peer.open(headers=[small.bearer("ada")])[0] == 101
            turned_away.append(peer.read_close())
    ready = small.request("GET", "/readyz")[0]
    for device in devices:
        assert device.ask("unsubscribe", thread="x")["frame"] == "result"
        device.send(frame(b"\x03\xe8", opcode=8))
        device.read_to_end()
        device.close()
    wait_for_room(small)
    again = []
    for _ in range(3):
        again.append(small.serves("ada"))
        wait_for_room(small)

    assert {code for code, _ in turned_away} == {1013}
    waits = [float(reason.split()[0].partition("=")[2]) for _, reason in turned_away]
    assert all(1.0 <= wait <= 30.0 for wait in waits)
    assert ready == 503
    assert again == [True] * 3
