import asyncio

from asgiref.sync import sync_to_async
from django.http import HttpResponse
from django.template.loader import render_to_string
from playwright.async_api import async_playwright


class PdfService:
    """Prints pages by a headless Chromium, without blocking the event loop."""

    def __init__(self, concurrency: int = 4):
        self._slots = asyncio.Semaphore(concurrency)
        self._playwright = None
        self._browser = None

    async def start(self):
        self._playwright = await async_playwright().start()
        self._browser = await self._playwright.chromium.launch()

    async def stop(self):
        await self._browser.close()
        await self._playwright.stop()

    async def from_template(self, template: str, context: dict, **options) -> bytes:
        html = await sync_to_async(render_to_string)(template, context)
        return await self.from_html(html, **options)

    async def from_html(
        self, html: str, *, page_format: str = "A4", landscape: bool = False
    ) -> bytes:
        async with self._slots:
            page = await self._browser.new_page()
            try:
                await page.set_content(html, wait_until="networkidle")
                return await page.pdf(
                    format=page_format, landscape=landscape, print_background=True
                )
            finally:
                await page.close()


service = PdfService()


async def export_report(request, report_id):
    content = await service.from_template(
        "reports/report.html", {"id": report_id}, landscape=True
    )
    return HttpResponse(content, content_type="application/pdf")
