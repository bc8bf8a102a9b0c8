from uuid import UUID


class TalkbackError(Exception):
    status = 400


class CommentNotFound(TalkbackError):
    status = 404

    def __init__(self, comment_id: UUID) -> None:
        super().__init__(f"no comment {comment_id}")


class CommentsClosed(TalkbackError):
    """The article is too old, or about a court case."""

    status = 409
