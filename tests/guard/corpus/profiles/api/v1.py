"""API v1 is frozen: the field names below are what the old clients know."""

from django.http import Http404, JsonResponse

from accounts.profiles import ProfileNotFound, ProfileStore

OLD_NAMES = {"nick": "display_name", "about": "bio", "lang": "locale", "tel": "phone"}


class UserInfoService:
    """What v1 called getUserInfo and setUserInfo, by the profile store."""

    def __init__(self, store=None):
        self._store = store or ProfileStore()

    def getUserInfo(self, userId):
        profile = self._store.get(userId)
        return {old: getattr(profile, new) for old, new in OLD_NAMES.items()}

    def setUserInfo(self, userId, info):
        self._store.save(
            userId, **{OLD_NAMES[name]: value for name, value in info.items()}
        )

    def dropUserInfo(self, userId):
        self._store.delete(userId)


def user_info(request, user_id):
    service = UserInfoService()
    try:
        return JsonResponse(service.getUserInfo(user_id))
    except ProfileNotFound:
        raise Http404
