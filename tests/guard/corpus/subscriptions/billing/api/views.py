from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from billing.exceptions import SubscriptionError
from billing.models import Plan, Subscription
from billing.services.factory import SubscriptionServiceFactory, subscription_service


class SubscriptionSerializer(serializers.ModelSerializer):
    plan = serializers.SlugRelatedField(
        slug_field="code", queryset=Plan.objects.filter(retired=False)
    )

    class Meta:
        model = Subscription
        fields = ["id", "plan", "status", "started_at", "renews_at", "ended_at"]
        read_only_fields = ["status", "started_at", "renews_at", "ended_at"]


class SubscriptionViewSet(viewsets.GenericViewSet):
    permission_classes = [IsAuthenticated]
    serializer_class = SubscriptionSerializer

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        self.service = SubscriptionServiceFactory().build_for(request.user)

    def create(self, request):
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            sub = self.service.subscribe(request.user, form.validated_data["plan"])
        except SubscriptionError as exc:
            return Response({"detail": str(exc)}, status=status.HTTP_409_CONFLICT)
        return Response(self.get_serializer(sub).data, status=status.HTTP_201_CREATED)

    def list(self, request):
        sub = self.service.current(request.user)
        return Response(self.get_serializer(sub).data if sub else None)

    @action(detail=False, methods=["post"])
    def cancel(self, request):
        sub = self.service.cancel(
            request.user, at_period_end=not request.data.get("now")
        )
        return Response(self.get_serializer(sub).data)


class PartnerSubscriptionEndpoint:
    """The XML-RPC names that the hotel chain calls; hands on to the service."""

    def __init__(self, service=None):
        self.service = service or subscription_service()

    def StartMembership(self, user, plan_code):
        return self.service.subscribe(user, plan_code, actor="hotel").pk

    def EndMembership(self, user):
        return self.service.cancel(
            user, at_period_end=True, actor="hotel"
        ).ended_at.isoformat()

    def HasMembership(self, user):
        return self.service.current(user) is not None
