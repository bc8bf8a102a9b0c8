class FetchError(Exception):
    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"{url}: {why}")
        self.url = url
        self.why = why


class RobotsDenied(FetchError):
    def __init__(self, url: str) -> None:
        super().__init__(url, "robots.txt says no")
