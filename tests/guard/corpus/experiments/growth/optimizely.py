from django.conf import settings
from optimizely import optimizely

from growth.base import Assignment, BaseAssigner, UnknownExperiment


class OptimizelyAssigner(BaseAssigner):
    """Leaves the decision to Optimizely (brands that came with the Nordreise acquisition)."""

    def __init__(self, client=None):
        self.client = client or optimizely.Optimizely(
            sdk_key=settings.OPTIMIZELY_SDK_KEY
        )

    def assign(self, user, slug):
        context = self.client.create_user_context(
            str(user.pk), {"country": user.profile.country}
        )
        decision = context.decide(slug)
        if decision.flag_key is None:
            raise UnknownExperiment(slug)
        return Assignment(slug, decision.variation_key, False)

    def force(self, user, slug, variant_name):
        if not self.client.set_forced_variation(slug, str(user.pk), variant_name):
            raise UnknownExperiment(slug)
        return Assignment(slug, variant_name, True)
