from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import render
from django.views.generic import TemplateView

from core.switches import SwitchBoard
from growth.assignment import ExperimentAssigner
from growth.loader import get_assigner
from legacy.abtest import ABTest
from utils.ab import Bucketer


class CheckoutView(LoginRequiredMixin, TemplateView):
    def get_template_names(self):
        variant = get_assigner(self.request.brand).variant_name(
            self.request.user, "new-checkout"
        )
        return [f"checkout/{variant}.html", "checkout/control.html"]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["paypal"] = not SwitchBoard().is_on("paypal-down")
        context["button"] = Bucketer("pay-button", ["green", "orange"]).variant(
            self.request.user
        )
        ExperimentAssigner().mark_exposed(self.request.user, "new-checkout")
        return context


def guest_checkout(request):
    ab = ABTest(request)
    template = (
        "checkout/guest_b.html" if ab.is_b("guest-form") else "checkout/guest.html"
    )
    return ab.save(render(request, template))


def delete_account(request):
    ExperimentAssigner().forget(request.user)
    request.user.delete()
    return render(request, "account/deleted.html")
