from django.conf import settings

from .audit import AuditedVouchers
from .codes import CodeGenerator
from .partner import PartnerVoucherService
from .service import VoucherService


class VoucherServiceFactory:
    """Builds the voucher service a request needs, by settings."""

    def __init__(self, conf=settings):
        self.conf = conf

    def create(self, partner=None):
        codes = CodeGenerator(length=self.conf.VOUCHER_CODE_LENGTH)
        if partner is not None:
            return PartnerVoucherService(partner, codes=codes)
        return VoucherService(codes=codes)

    def create_for_request(self, request):
        service = self.create(getattr(request, "partner", None))
        return AuditedVouchers(service, request.user)
