from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render

from claims.intake import ClaimIntake
from claims.models import Claim
from claims.texts import ClaimConversation, ClaimSummarizer


@login_required
def intake(request):
    dialog = ClaimIntake(request.user)
    if request.method == "POST":
        return JsonResponse({"answer": dialog.turn(request.POST["words"])})
    return render(request, "claims/intake.html", {"turns": dialog.so_far()})


@login_required
def claim_file(request, pk):
    claim = get_object_or_404(Claim, pk=pk)
    if not claim.summary:
        ClaimSummarizer().summarize(claim)
    return render(
        request,
        "claims/file.html",
        {"claim": claim, "lines": ClaimConversation(claim).messages()},
    )
