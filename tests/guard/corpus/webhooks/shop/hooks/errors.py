class HookError(Exception):
    """Anything that goes wrong while we tell a merchant something."""


class DeliveryFailed(HookError):
    def __init__(self, url, status_code=None, detail=""):
        self.url = url
        self.status_code = status_code
        self.detail = detail
        super().__init__(
            "%s answered %s %s" % (url, status_code or "nothing", detail[:80])
        )

    @property
    def may_retry(self):
        return (
            self.status_code is None
            or self.status_code >= 500
            or self.status_code in (408, 425, 429)
        )
