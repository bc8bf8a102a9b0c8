from django.http import HttpResponse

from core.utils.html2pdf import HtmlToPdf
from core.utils.renderers import ChartRenderer
from documents.tools.pdffiles import PdfMerger


def print_selected(modeladmin, request, queryset):
    converter = HtmlToPdf(orientation="Landscape")
    content = converter.convert_template("admin/selection.html", {"rows": queryset})
    return HttpResponse(content, content_type="application/pdf")


def merge_selected(modeladmin, request, queryset):
    merger = PdfMerger()
    for document in queryset:
        merger.add(str(document), document.file.read())
    merger.write("/tmp/selection.pdf")


def sales_chart(request, series):
    return HttpResponse(
        ChartRenderer().render(series, "Sales"), content_type="image/png"
    )
