from __future__ import annotations

from .errors import FetchError
from .polite import PoliteFetcher
from .types import FetchPolicy


class LoginFetcher(PoliteFetcher):
    """For partners' sites that show their pages only to members."""

    def __init__(
        self, login_url: str, form: dict[str, str], policy: FetchPolicy | None = None
    ) -> None:
        super().__init__(policy)
        self._login_url = login_url
        self._form = form
        self._logged_in = False

    async def fetch(self, url: str):
        if not self._logged_in:
            async with self._session.post(self._login_url, data=self._form) as response:
                if response.status >= 400:
                    raise FetchError(self._login_url, "login refused")
            self._logged_in = True
        return await super().fetch(url)
