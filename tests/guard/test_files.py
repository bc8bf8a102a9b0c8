"""Which files are read: all that are Python, each once, and nothing that would hang."""

import os

import pytest

from goldenpath.guard._errors import TreeError
from goldenpath.guard._files import MOST_BYTES, decode, list_files
from tests.guard.trees import plant


def listed(folder, **options):
    return [file.path for file in list_files(folder, **options).files]


def skipped(folder):
    return {one.path: one.reason for one in list_files(folder).skipped}


def test_files_come_sorted_with_size_and_time(tmp_path):
    plant(tmp_path, {"b.py": "b = 1\n", "a/c.py": "", "a/readme.md": "", "a.pyi": ""})

    first, second = list_files(tmp_path).files

    assert (first.path, second.path) == ("a/c.py", "b.py")
    assert second.size == 6
    assert second.modified == (tmp_path / "b.py").stat().st_mtime_ns


@pytest.mark.parametrize(
    "folder",
    [".git", "__pycache__", "node_modules", "site-packages", "build", "x.egg-info"],
)
def test_what_nobody_wrote_is_left_out(tmp_path, folder):
    plant(tmp_path, {f"{folder}/a.py": "", f"x/{folder}/a.py": "", "b.py": ""})

    assert listed(tmp_path) == ["b.py"]


def test_a_virtual_environment_is_left_out_by_its_file(tmp_path):
    plant(tmp_path, {"mine/pyvenv.cfg": "", "mine/lib/a.py": "", "b.py": ""})

    assert listed(tmp_path) == ["b.py"]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("legacy/", ["app/a.py", "b.py"]),
        ("legacy", ["app/a.py", "b.py"]),
        ("*/a.py", ["b.py"]),
        ("b.py", ["app/a.py", "legacy/a.py"]),
        ("b", ["app/a.py", "b.py", "legacy/a.py"]),
    ],
)
def test_patterns_leave_out_folders_and_files(tmp_path, pattern, left):
    plant(tmp_path, {"app/a.py": "", "legacy/a.py": "", "b.py": ""})

    assert listed(tmp_path, exclude=[pattern]) == left


def test_a_loop_of_links_ends(tmp_path):
    plant(tmp_path, {"app/a.py": ""})
    (tmp_path / "app" / "round").symlink_to(tmp_path)

    assert listed(tmp_path) == ["app/a.py"]
    assert skipped(tmp_path) == {"app/round": "a link to a folder seen before"}


def test_a_link_to_itself_and_one_to_nothing_are_reported(tmp_path):
    (tmp_path / "self.py").symlink_to("self.py")
    (tmp_path / "nothing.py").symlink_to("/nowhere/x.py")

    assert skipped(tmp_path) == {
        "nothing.py": "No such file or directory",
        "self.py": "Too many levels of symbolic links",
    }


def test_a_linked_folder_is_read_once(tmp_path):
    plant(tmp_path, {"a/x.py": ""})
    (tmp_path / "b").symlink_to("a")

    assert len(listed(tmp_path)) == 1


def test_a_file_of_many_megabytes_is_data(tmp_path):
    with (tmp_path / "big.py").open("wb") as file:
        file.truncate(20 * 1024 * 1024)
    with (tmp_path / "largest.py").open("wb") as file:
        file.truncate(MOST_BYTES)

    assert skipped(tmp_path) == {"big.py": "20 MB, which is data and no code"}
    assert listed(tmp_path) == ["largest.py"]


def test_a_pipe_is_not_waited_for(tmp_path):
    """Reading one hangs until somebody writes into it."""
    os.mkfifo(tmp_path / "pipe.py")

    assert skipped(tmp_path) == {"pipe.py": "no regular file"}


def test_a_name_that_is_no_text_is_reported(tmp_path):
    (tmp_path / os.fsdecode(b"b\xffd.py")).touch()

    assert skipped(tmp_path) == {r"b\xffd.py": "its name is no UTF-8"}


def test_a_name_that_would_deceive_a_terminal_is_said_in_plain_letters(tmp_path):
    why = "its name has characters that cannot be shown"
    (tmp_path / "a\x1b[2Jb.py").write_text("x = 1\n")
    (tmp_path / "c\u202ed").mkdir()
    (tmp_path / "c\u202ed" / "e.py").write_text("x = 1\n")

    assert listed(tmp_path) == []
    assert skipped(tmp_path) == {r"a\x1b[2Jb.py": why, r"c\u202ed": why}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_reported(tmp_path):
    plant(tmp_path, {"app/a.py": "", "b.py": ""})
    (tmp_path / "app").chmod(0)
    try:
        assert skipped(tmp_path) == {"app": "Permission denied"}
        assert listed(tmp_path) == ["b.py"]
    finally:
        (tmp_path / "app").chmod(0o700)


def test_what_is_no_folder_is_refused(tmp_path):
    plant(tmp_path, {"a.py": ""})

    with pytest.raises(TreeError, match="there is no folder"):
        list_files(tmp_path / "nowhere")
    with pytest.raises(TreeError, match=r"is a file; name the folder"):
        list_files(tmp_path / "a.py")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("# grüße\n".encode(), "# grüße\n"),
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
        (b"# coding: latin-1\n# \xfc\n", "# coding: latin-1\n# ü\n"),
        (b"#!/a\n# -*- coding: cp1252 -*-\n\x80", "#!/a\n# -*- coding: cp1252 -*-\n€"),
        (b"", ""),
    ],
)
def test_a_file_is_read_in_the_encoding_that_it_declares(content, text):
    assert decode(content) == text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"# \xff\n", "its encoding is unknown: invalid or missing"),
        (b"x = 1\n" * 9 + b"\xff", "byte 54 is no utf-8; a coding line is missing"),
        (b"# coding: nosuch\n", "its encoding is unknown: unknown encoding: nosuch"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "its encoding is unknown"),
        (b"x = 1\0", "it holds a NUL byte"),
    ],
)
def test_a_file_in_no_encoding_is_told_why(content, message):
    with pytest.raises(ValueError, match=message):
        decode(content)
