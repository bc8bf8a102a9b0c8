from rest_framework import serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from .base import AssistantError
from .engines import get_chatbot


class SaySerializer(serializers.Serializer):
    conversation = serializers.UUIDField(required=False)
    text = serializers.CharField(max_length=4000)


class ChatView(APIView):
    permission_classes = [IsAuthenticated]

    def post(self, request):
        data = SaySerializer(data=request.data)
        data.is_valid(raise_exception=True)
        bot = get_chatbot(request.user)
        conversation = data.validated_data.get("conversation") or bot.open(request.user)
        try:
            reply = bot.say(str(conversation), data.validated_data["text"])
        except AssistantError as exc:
            return Response(
                {"detail": str(exc)}, status=status.HTTP_503_SERVICE_UNAVAILABLE
            )
        return Response({"conversation": reply.conversation_id, "text": reply.text})

    def get(self, request):
        bot = get_chatbot(request.user)
        return Response(bot.transcript(request.query_params["conversation"]))
