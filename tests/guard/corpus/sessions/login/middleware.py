from login import SessionStore


class SessionMiddleware:
    def __init__(self, app, store: SessionStore, cookie: str = "sid") -> None:
        self.app = app
        self.store = store
        self.cookie = cookie
        self.skip = ["/static", "/health"]

    async def __call__(self, scope, receive, send):
        if not any(scope["path"].startswith(path) for path in self.skip):
            scope["session"] = await self.load(scope)
        await self.app(scope, receive, send)

    async def load(self, scope):
        for name, value in scope["headers"]:
            if name == b"cookie":
                key = value.decode().partition(self.cookie + "=")[2]
                return await self.store.load(key.partition(";")[0])
        return None
