from django.http import JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from contact.legacy_bot import FaqBot
from contact.livechat import LiveChat


@require_POST
def faq_ask(request):
    bot = FaqBot(request)
    return JsonResponse({"answer": bot.ask(request.POST["q"])})


@require_POST
def faq_reset(request):
    FaqBot(request).reset()
    return redirect("faq")


@require_POST
def talk_to_clerk(request):
    from channels.layers import get_channel_layer

    room = LiveChat(get_channel_layer()).open(request.user)
    return JsonResponse({"room": room})
