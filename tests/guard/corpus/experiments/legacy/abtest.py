"""
Old A/B tests by cookie. DEPRECATED since 2018, but the landing pages and the
guest checkout still need something for people who are not logged in.
"""

import random

from django.conf import settings

COOKIE_AGE = 90 * 24 * 3600


class ABTest(object):
    def __init__(self, request):
        self.request = request
        self.new = {}

    def get(self, name):
        """Alternative for this visitor. Tests are listed in settings.AB_TESTS."""
        alternatives = settings.AB_TESTS[name]
        cookie = "ab_%s" % name
        value = self.request.COOKIES.get(cookie) or self.new.get(cookie)
        if value not in alternatives:
            value = random.choice(alternatives)
            self.new[cookie] = value
        return value

    def is_b(self, name):
        return self.get(name) == "b"

    def save(self, response):
        for cookie, value in self.new.items():
            response.set_cookie(cookie, value, max_age=COOKIE_AGE)
        return response
