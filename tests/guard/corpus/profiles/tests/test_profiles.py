from django.test import TestCase

from accounts.profiles import ProfileConflict, ProfileNotFound, ProfileStore
from accounts.profiles.wrappers import AuditedProfiles
from api.v1 import UserInfoService
from tests.fakes import InMemoryProfiles


class ProfileStoreTest(TestCase):
    fixtures = ["users.json"]

    def setUp(self):
        self.store = ProfileStore()

    def test_round_trip(self):
        self.store.save(1, display_name=" Ada ", phone="0 12 / 34")
        profile = self.store.get(1)
        self.assertEqual(profile.display_name, "Ada")
        self.assertEqual(profile.phone, "01234")

    def test_conflict(self):
        self.store.save(1, display_name="Ada")
        with self.assertRaises(ProfileConflict):
            self.store.save(1, revision=99, display_name="Eve")

    def test_missing(self):
        with self.assertRaises(ProfileNotFound):
            self.store.get(404)


class WrapperTest(TestCase):
    def test_audit(self):
        profiles = AuditedProfiles(InMemoryProfiles(), actor=7)
        with self.assertLogs("audit.profiles") as logs:
            profiles.save(3, display_name="Bo")
        self.assertIn("display_name", logs.output[0])

    def test_v1_names(self):
        fake = InMemoryProfiles()
        UserInfoService(fake).setUserInfo(5, {"nick": "Cy"})
        self.assertEqual(fake.get(5).display_name, "Cy")
