from django.contrib import admin, messages

from .audit import AuditedPayouts
from .exceptions import PayoutError
from .models import Payout
from .service import PayoutService


@admin.register(Payout)
class PayoutAdmin(admin.ModelAdmin):
    list_display = ["id", "seller", "amount", "currency", "status", "sent_at"]
    list_filter = ["status", "rail"]
    search_fields = ["external_id", "seller__name"]
    readonly_fields = ["external_id", "failure", "sent_at"]
    actions = ["retry_selected"]

    @admin.action(description="Try again")
    def retry_selected(self, request, queryset):
        payouts = AuditedPayouts(PayoutService(), request.user)
        for payout in queryset:
            try:
                payouts.retry(payout)
            except PayoutError as exc:
                messages.error(request, str(exc))
