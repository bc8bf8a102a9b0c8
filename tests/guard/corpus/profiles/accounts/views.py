from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.legacy.userprofile import UserProfileHelper
from accounts.profiles import ProfileConflict
from accounts.profiles.wrappers import ProfileBackends

backends = ProfileBackends()


@login_required
def show(request, user_id):
    profile = backends.for_request(request).get(user_id)
    return render(request, "accounts/profile.html", {"profile": profile})


class ProfileEditView(View):
    """The form on /me/edit."""

    def get(self, request):
        profile = backends.for_request(request).get(request.user.pk)
        return render(request, "accounts/edit.html", {"profile": profile})

    def post(self, request):
        try:
            backends.for_request(request).save(
                request.user.pk,
                revision=int(request.POST["revision"]),
                display_name=request.POST["display_name"],
                bio=request.POST.get("bio"),
            )
        except ProfileConflict:
            return render(request, "accounts/conflict.html", status=409)
        return redirect("me")


def signature(request, user_id):
    # still the old table: the signatures never moved
    helper = UserProfileHelper()
    row = helper.load(user_id) or {}
    return JsonResponse({"signature": row.get("signature", "")})
