from typing import Generic, TypeVar

from sqlalchemy.orm import Session

Row = TypeVar("Row")


class Repository(Generic[Row]):
    model: type[Row]

    def __init__(self, session: Session) -> None:
        self.session = session

    def find_by_id(self, key: int) -> Row | None:
        return self.session.get(self.model, key)

    def save(self, row: Row) -> Row:
        self.session.add(row)
        self.session.flush()
        return row

    def delete_by_id(self, key: int) -> None:
        row = self.find_by_id(key)
        if row is not None:
            self.session.delete(row)
