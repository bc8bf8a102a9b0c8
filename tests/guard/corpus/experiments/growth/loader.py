from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from growth.wrappers import TrackedAssigner


class AssignerFactory:
    """Makes the assigner that the settings of a brand name."""

    default = "growth.assignment.ExperimentAssigner"

    def __init__(self, conf=settings):
        self.conf = conf

    def build(self, brand=None):
        per_brand = getattr(self.conf, "GROWTH_ASSIGNERS", {})
        path = per_brand.get(brand) or getattr(
            self.conf, "GROWTH_ASSIGNER", self.default
        )
        assigner = import_string(path)()
        if getattr(self.conf, "GROWTH_TRACK", True):
            assigner = TrackedAssigner(assigner)
        return assigner


@lru_cache(maxsize=None)
def get_assigner(brand=None):
    return AssignerFactory().build(brand)
