"""The soak command: that it runs, and that it can fail."""

import tempfile

import pytest

import soak

pytestmark = pytest.mark.process


@pytest.mark.timeout(300)
def test_a_short_soak_finds_nothing_and_says_how_to_run_it_again(capsys):
    status = soak.main(["--minutes", "0.08", "--seed", "7", "--users", "6"])

    said = capsys.readouterr()
    again = "python tools/soak.py --minutes 0.08 --seed 7 --users 6"
    assert said.out == f"0 findings; the same again: {again}\n"
    assert status == 0
    assert "seed 7" in said.err


def test_a_finding_is_named_and_fails(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    async def found(*_, **__):
        return ["I1: a message was lost"]

    monkeypatch.setattr(soak, "soak", found)

    assert soak.main(["--minutes", "1", "--seed", "7"]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "I1: a message was lost",
        "1 findings; the same again: python tools/soak.py --minutes 1 --seed 7",
    ]
    assert f"the data and the logs are in {tmp_path}" in said.err


def test_a_seed_that_is_drawn_is_told(monkeypatch, capsys):
    async def nothing(*_, **__):
        return []

    monkeypatch.setattr(soak, "soak", nothing)

    assert soak.main([]) == 0
    said = capsys.readouterr()
    seed = said.err.split()[1].rstrip(";")
    assert said.out.endswith(f"--minutes 5 --seed {seed}\n")
