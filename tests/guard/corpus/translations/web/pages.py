from core import Registry
from core.Formats import LanguageChooser, LocaleFormatter
from core.TextCatalog import LANGUAGES
from old.Lang import Lang
from web.JsTexts import JsTexts
from web.TemplateTexts import MarkedCatalog, TemplateTexts
from web.render import render

chooser = LanguageChooser(LANGUAGES)
jsTexts = JsTexts("/srv/hotel/www/i18n")


def bookingPage(request, booking):
    lang = chooser.choose(request)
    catalog = Registry.catalog(booking.hotel.brand)
    if request.args.get("preview"):
        catalog = MarkedCatalog(catalog)
    return render(
        "booking.html",
        t=TemplateTexts(catalog, lang),
        f=LocaleFormatter(lang),
        nights=catalog.getPlural("booking.nights", lang, booking.nights),
        booking=booking,
    )


def imprintPage(request):
    # still the old texts, legal does not want to touch them
    lang = Lang(chooser.choose(request))
    return render(
        "imprint.html", title=lang.get("IMPRINT_TITLE"), body=lang.get("IMPRINT_BODY")
    )


def scriptTexts(request, bundle):
    return jsTexts.bundle(bundle, chooser.choose(request))
