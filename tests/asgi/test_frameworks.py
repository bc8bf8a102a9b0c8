"""The same manager inside of FastAPI, of Starlette, and by itself."""

import httpx2
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from goldenpath import Settings, WebSocketManager


async def echo(message, ctx):
    yield message


@pytest.fixture
def manager(tmp_path, add_people):
    add_people(tmp_path, "ada")
    return WebSocketManager(agent=echo, settings=Settings(data=tmp_path))


def fastapi(manager):
    app = FastAPI()
    app.include_router(manager.router())
    app.add_api_route("/own", lambda: "own")
    return app, ""


def fastapi_with_prefix(manager):
    app = FastAPI()
    app.include_router(manager.router(), prefix="/chat")
    app.add_api_route("/own", lambda: "own")
    return app, "/chat"


def starlette(manager):
    async def own(_request):
        return PlainTextResponse("own")

    routes = [Mount("/chat", routes=manager.routes()), Route("/own", own)]
    return Starlette(routes=routes, lifespan=manager.lifespan), "/chat"


def by_itself(manager):
    return manager.asgi(), ""


@pytest.mark.parametrize("inside", [fastapi, fastapi_with_prefix, starlette, by_itself])
def test_the_golden_path_holds_inside_of(inside, manager, serving, talk):
    app, base = inside(manager)
    with serving(app, base=base) as server:
        token = server.login()
        headers = {"Authorization": f"Bearer {token}"}
        http = httpx2.Client(base_url=server.url + base, trust_env=False)
        assert http.get("/readyz").status_code == 200
        assert http.get("/threads").status_code == 401
        assert http.get("/static/app.css").status_code == 200
        stranger = http.get("/")
        assert stranger.status_code == 303
        assert str(stranger.next_request.url) == f"{server.url}{base}/login"
        assert http.get(stranger.next_request.url).status_code == 200
        if inside is not by_itself:
            own = httpx2.get(f"{server.url}/own", trust_env=False)
            assert "own" in own.text
        with server.open(additional_headers=headers) as websocket:
            phone = talk(websocket)
            phone.hello()
            phone.put("send", id="1", client_message_id="m", text="hello")
            thread = phone.take("result", id="1")["thread"]
        history = http.get(f"/threads/{thread}/history", headers=headers).json()
        assert history["events"][0]["event"]["text"] == "hello"
        http.close()

    assert not manager.is_ready()


def test_the_pages_can_be_left_out(manager, serving):
    with serving(manager.asgi(pages=False)) as server:
        for path, status in (("/", 404), ("/static/app.css", 404), ("/livez", 200)):
            response = httpx2.get(server.url + path, trust_env=False)
            assert response.status_code == status
        assert server.login()
