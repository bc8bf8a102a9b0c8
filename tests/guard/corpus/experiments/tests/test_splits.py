from django.test import RequestFactory, SimpleTestCase, TestCase, override_settings

from legacy.abtest import ABTest
from mailings.splits import CampaignSplitter, Subscriber


class CampaignSplitterTests(TestCase):
    def test_keeps_arm(self):
        s = Subscriber.objects.create(email="ada@example.org", confirmed=True)
        splitter = CampaignSplitter("may", {"a": 50, "b": 50}, seed=1)
        self.assertEqual(splitter.arm_of(s), splitter.split([s])[s.pk])

    def test_shares(self):
        with self.assertRaises(ValueError):
            CampaignSplitter("may", {"a": 50})


@override_settings(AB_TESTS={"guest-form": ["a", "b"]})
class ABTestTests(SimpleTestCase):
    def test_cookie_wins(self):
        request = RequestFactory().get("/")
        request.COOKIES["ab_guest-form"] = "b"
        self.assertTrue(ABTest(request).is_b("guest-form"))
