import uuid

import pytest

from talkback.domain.errors import CommentNotFound
from talkback.domain.models import Comment, CommentStatus
from talkback.domain.ports import Discussion
from talkback.http.routes import ModerationDesk
from talkback.service.screening import CommentScreener
from tests.memory import InMemoryDiscussion

pytestmark = pytest.mark.asyncio


async def test_desk_approves():
    discussion = InMemoryDiscussion()
    comment = await discussion.post(Comment("a1", 7, "Well said."))
    await ModerationDesk(discussion, "kim").ok(str(comment.id))
    assert [c.id for c in await discussion.thread("a1")] == [comment.id]


async def test_unknown_comment():
    with pytest.raises(CommentNotFound):
        await ModerationDesk(InMemoryDiscussion(), "kim").no(str(uuid.uuid4()))


async def test_screener_rejects_banned_word_with_many_links():
    verdict = CommentScreener(["casino"]).judge(
        Comment("a1", 7, "casino " + "http://x " * 3)
    )
    assert verdict.status is CommentStatus.REJECTED


async def test_memory_is_a_discussion():
    assert isinstance(InMemoryDiscussion(), Discussion)
