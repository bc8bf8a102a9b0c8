"""Members of the forum: nickname, signature, avatar and the rest.

The forum was a separate site until 2018 and still keeps its members in Redis.
"""

import redis
from django.conf import settings


class MemberDirectory:
    def __init__(self):
        self.r = redis.Redis.from_url(settings.FORUM_REDIS, decode_responses=True)

    def _key(self, user_id):
        return "forum:member:%s" % user_id

    def member(self, user_id):
        data = self.r.hgetall(self._key(user_id))
        if not data:
            return None
        data["user_id"] = user_id
        return data

    def put_member(self, user_id, nickname, email, about="", avatar="", lang="en"):
        old = self.member(user_id)
        pipe = self.r.pipeline()
        if old:
            pipe.hdel("forum:nicknames", old["nickname"].lower())
            pipe.hdel("forum:emails", old["email"].lower())
        pipe.hset(
            self._key(user_id),
            mapping={
                "nickname": nickname,
                "email": email,
                "about": about,
                "avatar": avatar,
                "lang": lang,
            },
        )
        pipe.hset("forum:nicknames", nickname.lower(), user_id)
        pipe.hset("forum:emails", email.lower(), user_id)
        pipe.execute()

    def by_email(self, email):
        user_id = self.r.hget("forum:emails", email.lower())
        return self.member(user_id) if user_id else None

    def remove_member(self, user_id):
        old = self.member(user_id)
        if old:
            self.r.hdel("forum:nicknames", old["nickname"].lower())
            self.r.hdel("forum:emails", old["email"].lower())
            self.r.delete(self._key(user_id))

    def find(self, prefix):
        names = self.r.hscan_iter("forum:nicknames", match=prefix.lower() + "*")
        return [self.member(user_id) for _, user_id in names]
