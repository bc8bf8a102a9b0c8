from django.utils.functional import SimpleLazyObject

from growth.loader import get_assigner


class RequestExperiments:
    """``request.experiments["slug"]``, also for templates: ``{% if request.experiments.slug == "b" %}``."""

    def __init__(self, request, assigner):
        self._user = request.user
        self._assigner = assigner

    def __getitem__(self, slug):
        if not self._user.is_authenticated:
            return "control"
        return self._assigner.variant_name(self._user, slug)

    def __contains__(self, slug):
        return self[slug] != "control"


def experiments_middleware(get_response):
    def middleware(request):
        request.experiments = SimpleLazyObject(
            lambda: RequestExperiments(request, get_assigner(request.brand))
        )
        return get_response(request)

    return middleware
