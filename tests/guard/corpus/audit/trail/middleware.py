from trail.audit import audit


class AuditMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response
        self.quiet = {"GET", "HEAD"}

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in self.quiet:
            self.record(request)
        return response

    def record(self, request):
        audit.record(request.user.username, request.method, request.path)
