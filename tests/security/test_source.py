"""S20 to S22, S53: what the source itself must not have."""

import ast
import base64
import contextlib
import importlib
import json
import re
from pathlib import Path

import pytest

import goldenpath
from goldenpath._ids import new_id

ROOT = Path(goldenpath.__file__).parent
# The testing helpers and the guard run in no server; commands run for one person.
SERVER = [
    path
    for path in sorted(ROOT.rglob("*.py"))
    if path.relative_to(ROOT).parts[0] not in ("testing", "guard", "cli", "__main__.py")
]
EVERYTHING = sorted(ROOT.rglob("*.py"))

# Of these, nothing that a module holds can carry something from one user to another.
UNCHANGING = (
    *("str", "bytes", "int", "float", "bool", "NoneType", "tuple", "frozenset"),
    *("mappingproxy", "Pattern", "Struct", "PosixPath", "Logger"),
    # Types, and names for them.
    *("TypeVar", "UnionType", "GenericAlias", "_CallableGenericAlias"),
    *("_AnnotatedAlias", "_LiteralGenericAlias", "_UnionGenericAlias"),
    # They keep a buffer at most, and nothing of what they were given.
    *("Encoder", "Decoder"),
    # Our own, all frozen.
    *("CloseRule", "ComeBack", "Relief", "RefusedError"),
)
CHANGING_METHODS = {
    *("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"),
    *("add", "discard", "update", "setdefault", "popitem", "appendleft", "popleft"),
    *("__setitem__", "__delitem__", "move_to_end", "intersection_update"),
}


def place(path):
    return str(path.relative_to(ROOT))


def tree(path):
    return ast.parse(path.read_text(), str(path))


def module_of(path):
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return importlib.import_module(".".join(p for p in parts if p != "__init__"))


def bound(block):
    """Return the names that a module or a class binds to values."""
    names = set()
    for node in block.body:
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                names |= {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
    return names


def changed(path):
    """Return each name, also of another module, whose value a file changes."""
    for node in ast.walk(tree(path)):
        touched = None
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            touched = node.value
        elif isinstance(node, ast.AugAssign):
            touched = node.target
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CHANGING_METHODS
        ):
            touched = node.func.value
        if isinstance(touched, ast.Name | ast.Attribute):
            yield touched.id if isinstance(touched, ast.Name) else touched.attr


# S20: nothing is shared by accident.


def test_s20_no_module_holds_what_could_change():
    """State that is shared by accident shows one user another's data."""
    touched = {name for path in EVERYTHING for name in changed(path)}
    for path in SERVER:
        module = module_of(path)
        for name in bound(tree(path)):
            kind = type(getattr(module, name)).__name__
            if kind in ("dict", "list", "set"):
                assert name not in touched, f"{place(path)} or another changes {name}"
            else:
                assert kind in UNCHANGING, f"{name} of {place(path)} is a {kind}"
        assert not any(isinstance(node, ast.Global) for node in ast.walk(tree(path)))


def test_s20_no_class_holds_what_could_change():
    """It would be one for all its instances, and so for all users."""
    for path in SERVER:
        module = module_of(path)
        for node in tree(path).body:
            if not isinstance(node, ast.ClassDef):
                continue
            made = vars(getattr(module, node.name))
            for name in bound(node):
                # A struct's default is a copy for each, and no attribute any more.
                kind = type(made.get(name)).__name__
                assert kind not in ("dict", "list", "set"), f"{node.name}.{name}"


def test_s20_no_context_variable_remembers_who_somebody_is():
    """A task started from another's would inherit it."""
    for path in SERVER:
        assert "contextvars" not in path.read_text()
        assert "threading.local" not in path.read_text() or (
            # A database connection of each reading thread; it knows no user.
            place(path) == "storage/_sqlite.py"
        )


# S21: nothing is remembered for somebody else.

# What the same call gives to everybody: the files that the pages are made of.
CACHED = {"web/_pages.py": 2}


def test_s21_no_answer_is_kept_for_the_next_who_asks():
    """A cache whose key lacks the user gives one user's answer to another."""
    cached = re.compile(r"@\S*\b(?:lru_cache|cache|cached_property)\b")
    kept = {place(path): len(cached.findall(path.read_text())) for path in SERVER}

    assert {name: count for name, count in kept.items() if count} == CACHED


@pytest.mark.anyio
async def test_s21_no_cache_on_the_way_keeps_what_was_for_one_user(site):
    """Each answer that depends on who asks says that nobody may keep it."""
    async with site.logged_in("ada") as ada, site.logged_in("bob") as bob:
        thread = (await ada.post("/threads", json={"title": "secret"})).json()["id"]
        for path in ("/threads", f"/threads/{thread}/history", "/", "/login"):
            answer = await ada.get(path)
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "no-store"
            assert "etag" not in answer.headers
            # Whatever the other's browser holds, it is not asked to show that.
            again = await bob.get(path, headers={"If-None-Match": "*"})
            assert again.status_code in (200, 404)
            assert "secret" not in again.text
        for answer in (
            await ada.post("/ws/ticket", json={}),
            await ada.post("/login", json={"name": "ada", "password": "wrong"}),
            await ada.get("/threads/nothing/history"),
        ):
            assert answer.headers["cache-control"] == "no-store"


# S22: no flag lets anybody in.


def test_s22_no_word_for_a_way_around_the_login_is_in_the_source():
    """No bypass exists, so none can be left on."""
    words = (
        *("bypass", "demo_mode", "demo-mode", "skip_auth", "disable_auth", "no_auth"),
        *("insecure", "e2e", "test_mode", "debug_user", "fake_user", "anonymous"),
        *("superuser", "backdoor", "master_password", "is_admin", "verify=false"),
    )
    for path in EVERYTHING:
        if path.relative_to(ROOT).parts[0] == "guard":
            continue  # it reads other people's source, and knows their words
        text = path.read_text().lower()
        assert [word for word in words if word in text] == [], path


def test_s22_these_are_all_the_variables_that_are_read():
    """None of them has to do with who somebody is."""
    read = set()
    for path in EVERYTHING:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                if "environ" in ast.unparse(node.func) or "getenv" in ast.unparse(
                    node.func
                ):
                    read.add(ast.literal_eval(node.args[0]))
                for keyword in node.keywords:
                    if keyword.arg == "env_var":
                        read.add(ast.literal_eval(keyword.value))
            elif isinstance(node, ast.Subscript):
                assert "environ" not in ast.unparse(node.value)

    assert read == {
        "PORT",
        "GOLDENPATH_DATA",
        "HTTPS_PROXY",
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "OPENAI_MODEL",
    }


# S53: no name can be guessed.

# Where something is drawn that need not be a secret.
DICE = {
    "_manager.py": "when connections are to come back",
    "connections/_connection.py": "when to ping, and when to move",
    "client/_back_off.py": "when to come back",
    "client/_client.py": "when to try to move again",
}
# Bytes of randomness, and what for; 16 are 128 bits.
DRAWN = {
    "_ids.py": {16: "ids"},
    "auth/_tokens.py": {32: "session tokens and tickets"},
    # These tell histories apart and open nothing.
    "logs/_era.py": {8: "epochs and incarnations"},
}


def test_s53_names_are_drawn_and_never_counted_or_dated():
    for path in SERVER:
        text, where = path.read_text(), place(path)
        sizes = re.findall(r"secrets\.token_\w+\((\d+)\)", text)

        assert {int(size) for size in sizes} == set(DRAWN.get(where, {})), where
        assert ("random." in text) is (where in DICE), where
        for word in ("uuid", "getrandbits", "itertools.count", "randint", "token_hex"):
            assert word not in text, where


def test_s53_an_id_has_128_bits_of_which_none_is_fixed():
    ids = [base64.urlsafe_b64decode(new_id() + "==") for _ in range(200)]
    always = ever = int.from_bytes(ids[0], "big")
    for one in ids:
        always &= int.from_bytes(one, "big")
        ever |= int.from_bytes(one, "big")

    assert {len(one) for one in ids} == {16}
    assert (always, ever) == (0, (1 << 128) - 1)
    # The order in which they were made cannot be told.
    assert ids != sorted(ids)


def test_s53_every_name_that_the_wire_shows_is_such_an_id(door):
    """Nothing that names a thing of somebody can be found by counting."""
    seen = {}

    def look(value, key=""):
        if isinstance(value, dict):
            for name, one in value.items():
                look(one, name)
        elif isinstance(value, list):
            for one in value:
                look(one, key)
        elif isinstance(value, str):
            seen.setdefault(key, set()).add(value)

    door.tokens["ada"] = door.new_session()
    with door.talking_as("ada") as phone, door.talking_as("ada") as other:
        look(phone.hello())
        look(other.hello())
        for number in range(5):
            asked = str(number)
            phone.put("send", id=asked, client_message_id=f"m{number}", text="hi")
            sent = phone.take("result", id=asked)
            del sent["id"], sent["client_message_id"]
            look(sent)
        door.ask("POST", "/logout", headers=door.bearer("ada"))
        with contextlib.suppress(Exception):
            while True:
                look(json.loads(phone.websocket.recv(30)))
    for key in ("connection", "thread", "run", "id"):
        ids = {one for one in seen[key] if one not in ("0", "1", "2", "3", "4")}
        assert ids
        for one in ids:
            assert re.fullmatch(r"[\w-]{22}", one), (key, one)
    assert len(seen["thread"]) == len(seen["run"]) == 5
    assert len(seen["connection"]) == 2
