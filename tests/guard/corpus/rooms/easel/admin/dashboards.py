import json

import tornado.ioloop
import tornado.web
import tornado.websocket


class DashboardWatchers:
    """Admins looking at a live dashboard (load, errors, sign-ups)."""

    _watching = {}

    @classmethod
    def register(cls, dashboard, handler):
        cls._watching.setdefault(dashboard, set()).add(handler)

    @classmethod
    def unregister(cls, handler):
        for handlers in cls._watching.values():
            handlers.discard(handler)

    @classmethod
    def push(cls, dashboard, data):
        text = json.dumps(data)
        for handler in list(cls._watching.get(dashboard, ())):
            try:
                handler.write_message(text)
            except tornado.websocket.WebSocketClosedError:
                cls.unregister(handler)


class DashboardSocket(tornado.websocket.WebSocketHandler):
    def open(self, dashboard):
        if not self.get_secure_cookie("admin"):
            self.close(4403)
            return
        DashboardWatchers.register(dashboard, self)

    def on_message(self, message):
        pass

    def on_close(self):
        DashboardWatchers.unregister(self)


def start(collect):
    def tick():
        for name, data in collect().items():
            DashboardWatchers.push(name, data)

    tornado.web.Application([(r"/dash/(\w+)", DashboardSocket)]).listen(7010)
    tornado.ioloop.PeriodicCallback(tick, 2000).start()
    tornado.ioloop.IOLoop.current().start()
