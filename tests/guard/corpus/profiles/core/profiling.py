import cProfile
import io
import os
import pstats
import time
import tomllib


class RequestProfiler:
    """Middleware: ?profile=1 writes a CPU profile of the request to disk."""

    folder = "/var/log/site/profiles"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "profile" not in request.GET or not request.user.is_superuser:
            return self.get_response(request)
        profile = cProfile.Profile()
        response = profile.runcall(self.get_response, request)
        self.save(request.user.pk, profile)
        return response

    def save(self, user_id, profile):
        name = os.path.join(self.folder, "%s-%d.prof" % (user_id, time.time()))
        profile.dump_stats(name)
        return name

    def load(self, name):
        out = io.StringIO()
        pstats.Stats(os.path.join(self.folder, name), stream=out).sort_stats(
            "cumtime"
        ).print_stats(40)
        return out.getvalue()

    def delete(self, name):
        os.remove(os.path.join(self.folder, name))


class SettingsProfiles:
    """Named sets of settings (dev, staging, production), from profiles.toml."""

    def __init__(self, path="profiles.toml"):
        with open(path, "rb") as file:
            self._profiles = tomllib.load(file)
        self.active = os.environ.get("SITE_PROFILE", "dev")

    def get(self, name=None):
        profile = dict(self._profiles["default"])
        profile.update(self._profiles[name or self.active])
        return profile

    def exists(self, name):
        return name in self._profiles

    def apply(self, target):
        for key, value in self.get().items():
            setattr(target, key.upper(), value)
