from datetime import date

from accounts.models import Profile
from legacy.messaging import UserMessenger


def main():
    m = UserMessenger(sms_key="k-2231")
    today = date.today()
    for p in Profile.objects.filter(
        birthday__month=today.month, birthday__day=today.day
    ):
        m.message(p.user_id, "Happy birthday!", "Ten percent off, only today.")


if __name__ == "__main__":
    main()
