"""The table of what other servers lack is what they do, seen on real sockets."""

import importlib.util

import gen_asgi_servers
import pytest

KINDS = gen_asgi_servers.KINDS
PAGE = gen_asgi_servers.ROOT / gen_asgi_servers.PAGE


@pytest.mark.process
@pytest.mark.timeout(300)
def test_the_table_says_what_the_servers_do(capsys):
    """A new version of one of them may do better, or worse."""
    outcome = gen_asgi_servers.main(["--check"])

    assert outcome == 0, capsys.readouterr().err
    missing = [k.name for k in KINDS if importlib.util.find_spec(k.module) is None]
    if missing:
        pytest.skip(f"NOT INSTALLED, SO NOT LOOKED AT: {', '.join(missing)}")


def test_the_table_has_a_column_for_each_server_and_a_row_for_each_question():
    columns = gen_asgi_servers.known_columns(PAGE.read_text("utf-8"))

    assert list(columns) == [kind.name for kind in KINDS]
    for cells in columns.values():
        assert list(cells) == list(gen_asgi_servers.ROWS)
        assert all(cells.values())


def test_ours_lacks_nothing():
    """What is worth asking others is worth having."""
    ours = gen_asgi_servers.known_columns(PAGE.read_text("utf-8"))[KINDS[0].name]

    assert gen_asgi_servers.NO not in ours.values()


def test_a_column_that_was_not_looked_at_is_kept():
    columns = {
        name: {row: f"{name} {row}" for row in gen_asgi_servers.ROWS}
        for name in ("one", "two")
    }

    assert gen_asgi_servers.known_columns(gen_asgi_servers.table(columns)) == columns
