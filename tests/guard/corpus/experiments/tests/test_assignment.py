from django.contrib.auth import get_user_model
from django.test import RequestFactory, TestCase
from django.utils import timezone

from growth.assignment import ExperimentAssigner
from growth.base import UnknownExperiment
from growth.bucketing import WeightedBuckets
from growth.middleware import RequestExperiments
from growth.models import Enrolment, Experiment, Variant

from .fakes import FixedAssigner


class ExperimentAssignerTests(TestCase):
    def setUp(self):
        self.user = get_user_model().objects.create(username="ada")
        self.exp = Experiment.objects.create(slug="x", starts_at=timezone.now())
        Variant.objects.create(experiment=self.exp, name="control", is_control=True)
        Variant.objects.create(experiment=self.exp, name="b")

    def test_sticky(self):
        first = ExperimentAssigner().assign(self.user, "x")
        self.exp.variants.update(weight=0)
        self.assertEqual(ExperimentAssigner().assign(self.user, "x"), first)
        self.assertEqual(Enrolment.objects.count(), 1)

    def test_force(self):
        ExperimentAssigner().force(self.user, "x", "b")
        self.assertEqual(ExperimentAssigner().assign(self.user, "x").variant, "b")

    def test_unknown(self):
        with self.assertRaises(UnknownExperiment):
            ExperimentAssigner().assign(self.user, "nope")

    def test_request(self):
        request = RequestFactory().get("/")
        request.user = self.user
        self.assertEqual(RequestExperiments(request, FixedAssigner(x="b"))["x"], "b")


class WeightedBucketsTests(TestCase):
    def test_weights(self):
        buckets = WeightedBuckets("s", [("a", 1), ("b", 3)])
        got = [buckets.pick(i) for i in range(4000)]
        self.assertAlmostEqual(got.count("b") / 4000, 0.75, delta=0.03)
