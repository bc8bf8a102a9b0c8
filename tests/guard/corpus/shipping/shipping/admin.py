from django.contrib import admin, messages
from django.http import HttpResponse

from shipping.legacy.intraship import Intraship
from shipping.models import Shipment, TrackingEvent
from shipping.services import ShippingDesk


class TrackingEventInline(admin.TabularInline):
    model = TrackingEvent
    extra = 0


@admin.register(Shipment)
class ShipmentAdmin(admin.ModelAdmin):
    list_display = ["tracking_number", "carrier", "state", "booked_at"]
    list_filter = ["carrier", "state"]
    inlines = [TrackingEventInline]
    actions = ["track", "cancel", "label", "intraship_status"]

    def track(self, request, queryset):
        desk = ShippingDesk()
        n = sum(len(desk.track(s)) for s in queryset)
        messages.info(request, "%d new events" % n)

    def cancel(self, request, queryset):
        desk = ShippingDesk()
        for s in queryset:
            desk.cancel(s)

    def label(self, request, queryset):
        return HttpResponse(
            ShippingDesk().label(queryset[0]), content_type="application/pdf"
        )

    def intraship_status(self, request, queryset):
        # shipments from before 2017
        api = Intraship()
        for s in queryset.filter(carrier="dhl"):
            messages.info(
                request,
                "%s: %s" % (s.tracking_number, api.get_status(s.tracking_number)),
            )
