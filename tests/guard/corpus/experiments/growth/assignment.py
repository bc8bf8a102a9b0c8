"""
Assigning users to the variants of experiments.

    from growth.loader import get_assigner

    get_assigner().assign(request.user, "new-checkout").variant
"""

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from growth.base import Assignment, BaseAssigner, UnknownExperiment
from growth.bucketing import Eligibility, WeightedBuckets
from growth.models import Enrolment, Experiment, Variant


class ExperimentAssigner(BaseAssigner):
    """
    The assigner of the site: deterministic by hash, and remembered in
    ``Enrolment`` so that a change of weights moves nobody.
    """

    experiment_ttl = 60

    def assign(self, user, slug):
        experiment = self.get_experiment(slug)
        enrolment = self.get_enrolment(user, experiment)
        if enrolment is None:
            if not Eligibility(experiment)(user):
                return Assignment(slug, None, False)
            enrolment = self.enrol(user, experiment, self.choose(user, experiment))
        return Assignment(slug, enrolment.variant.name, enrolment.forced)

    def assign_all(self, user):
        slugs = Experiment.objects.running().values_list("slug", flat=True)
        return {slug: self.assign(user, slug) for slug in slugs}

    def force(self, user, slug, variant_name):
        experiment = self.get_experiment(slug)
        variant = experiment.variants.get(name=variant_name)
        Enrolment.objects.update_or_create(
            user=user,
            experiment=experiment,
            defaults={"variant": variant, "forced": True},
        )
        return Assignment(slug, variant_name, True)

    def mark_exposed(self, user, slug):
        Enrolment.objects.filter(
            user=user, experiment__slug=slug, exposed_at=None
        ).update(exposed_at=timezone.now())

    def forget(self, user):
        """GDPR: drop all enrolments of the user."""
        return Enrolment.objects.filter(user=user).delete()[0]

    def get_experiment(self, slug):
        key = f"growth:experiment:{slug}"
        experiment = cache.get(key)
        if experiment is None:
            experiment = Experiment.objects.running().filter(slug=slug).first()
            if experiment is None:
                raise UnknownExperiment(slug)
            cache.set(key, experiment, self.experiment_ttl)
        return experiment

    def get_enrolment(self, user, experiment):
        return (
            Enrolment.objects.select_related("variant")
            .filter(user=user, experiment=experiment)
            .first()
        )

    def choose(self, user, experiment):
        weights = experiment.variants.values_list("name", "weight")
        return WeightedBuckets(experiment.slug, weights).pick(user.pk)

    def enrol(self, user, experiment, variant_name):
        variant = Variant.objects.get(experiment=experiment, name=variant_name)
        try:
            with transaction.atomic():
                return Enrolment.objects.create(
                    user=user, experiment=experiment, variant=variant
                )
        except IntegrityError:  # another request was faster
            return self.get_enrolment(user, experiment)
