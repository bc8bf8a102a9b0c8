from cryptography.fernet import Fernet

from login.session import Session
from login.sessions import SessionStore


class SealedSessions:
    def __init__(self, sessions: SessionStore, key: bytes) -> None:
        self._sessions = sessions
        self._fernet = Fernet(key)

    async def create(self, user: str, **data) -> Session:
        sealed = {name: self._seal(value) for name, value in data.items()}
        return await self._sessions.create(user, **sealed)

    async def load(self, key: str) -> Session | None:
        session = await self._sessions.load(key)
        if session is not None:
            session.data = {k: self._open(v) for k, v in session.data.items()}
        return session

    async def revoke(self, key: str) -> None:
        await self._sessions.revoke(key)

    async def revoke_all(self, user: str) -> None:
        await self._sessions.revoke_all(user)

    def _seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def _open(self, text: str) -> str:
        return self._fernet.decrypt(text.encode()).decode()
