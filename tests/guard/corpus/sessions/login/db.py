from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker


class SessionMaker:
    """Database sessions, one a request."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url)
        self._make = sessionmaker(self.engine)
        self._open: list[Session] = []

    def create(self) -> Session:
        session = self._make()
        self._open.append(session)
        return session

    def renew(self, session: Session) -> Session:
        session.close()
        return self.create()

    def close_all(self) -> None:
        for session in self._open:
            session.close()
