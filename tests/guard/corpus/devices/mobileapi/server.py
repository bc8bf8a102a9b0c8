import time
import uuid

from flask import Flask, abort, jsonify, request

from mobileapi.things import ThingStore

app = Flask(__name__)


class SessionTable(object):
    """Phones that are logged in."""

    def __init__(self, ttl=3600):
        self.ttl = ttl
        self.sessions = {}

    def add(self, user, phone):
        token = uuid.uuid4().hex
        self.sessions[token] = {"user": user, "phone": phone, "at": time.time()}
        return token

    def get(self, token):
        session = self.sessions.get(token)
        if session and time.time() - session["at"] < self.ttl:
            return session
        self.sessions.pop(token, None)
        return None

    def remove(self, token):
        self.sessions.pop(token, None)


sessions = SessionTable()
things = ThingStore()


@app.route("/things")
def listThings():
    if not sessions.get(request.headers.get("X-Token")):
        abort(401)
    return jsonify(things.all())


@app.route("/things/<thingId>/state", methods=["PUT"])
def switchThing(thingId):
    things.switch(thingId, request.json["state"])
    return "", 204
