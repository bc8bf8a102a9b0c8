from kiosk.KioskTexts import KioskTexts

texts = KioskTexts("https://hotel.example/texts")


async def welcome(display, guest):
    await display.title(
        await texts.getText("kiosk.welcome", guest.lang, name=guest.lastName)
    )
    await display.line(
        await texts.getPlural("booking.nights", guest.lang, guest.nights)
    )
