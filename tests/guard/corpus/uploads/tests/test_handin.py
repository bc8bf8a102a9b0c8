import io

import pytest

from atelier.grading.handin import Grade, Gradebook, HandInBox


def test_hand_in(tmp_path):
    box = HandInBox(tmp_path)
    box.hand_in("jo", "week1", "solution.py", io.BytesIO(b"print(1)"))
    assert box.fetch("jo", "week1") == [("solution.py", b"print(1)")]
    box.withdraw("jo", "week1")
    assert box.fetch("jo", "week1") == []


def test_hand_in_too_large(tmp_path):
    box = HandInBox(tmp_path)
    box.MAX = 3
    with pytest.raises(ValueError):
        box.hand_in("jo", "week1", "x", io.BytesIO(b"1234"))


def test_gradebook(tmp_path):
    box = HandInBox(tmp_path)
    box.db.execute("CREATE TABLE grade (student, assignment, points, comment)")
    book = Gradebook(box.db)
    book.accept(Grade("jo", "week1", 9.5))
    assert book.list_for("jo")[0].points == 9.5
