"""The bundled pages: chat and login, and the files that they need."""

from goldenpath.web._pages import Asset, asset, page

__all__ = ["Asset", "asset", "page"]
