from abc import ABC, abstractmethod
from collections import namedtuple

#: ``variant`` is None for users who take no part in the experiment.
Assignment = namedtuple("Assignment", "experiment variant forced")


class UnknownExperiment(LookupError):
    """There is no running experiment with this slug."""


class BaseAssigner(ABC):
    """
    Base of the classes that ``settings.GROWTH_ASSIGNER`` may name.
    """

    @abstractmethod
    def assign(self, user, slug):
        """Return the Assignment of the user, making it if there is none."""

    @abstractmethod
    def force(self, user, slug, variant_name):
        """Put the user into a variant by hand (QA, support)."""

    def variant_name(self, user, slug, default="control"):
        try:
            return self.assign(user, slug).variant or default
        except UnknownExperiment:
            return default
