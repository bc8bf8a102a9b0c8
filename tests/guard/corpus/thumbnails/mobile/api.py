from aiohttp import web

from imaging.common import NoSuchPicture
from mobile.thumbsAsync import AsyncThumbs

routes = web.RouteTableDef()


@routes.get("/m/thumb/{picId}")
async def thumb(request):
    thumbs = request.app["thumbs"]
    try:
        data = await thumbs.getThumb(
            request.match_info["picId"], request.query.get("d", "xhdpi")
        )
    except NoSuchPicture:
        raise web.HTTPNotFound()
    return web.Response(body=data, content_type="image/webp")


def makeApp():
    app = web.Application()
    app["thumbs"] = AsyncThumbs("/data/masters", "/var/cache/mobile")
    app.add_routes(routes)
    return app
