from django.contrib.admin.views.decorators import staff_member_required
from django.http import JsonResponse

from staff.hr.policy_chat import HandbookChat
from utils.gpt import GPTSession

chat = HandbookChat()


@staff_member_required
def ask_handbook(request):
    return JsonResponse(
        {"answer": chat.question(request.user.employee_no, request.POST["q"])}
    )


@staff_member_required
def draft_reference(request):
    gpt = GPTSession("You write references for employees who leave.")
    gpt.send(f"Write a reference for {request.POST['name']}, {request.POST['job']}.")
    return JsonResponse({"text": gpt.send("Make it half as long.")})
