from xml.sax.saxutils import quoteattr


class XmppPresence:
    """Lets XMPP clients see (and be seen by) our users."""

    SHOW = {"away": "<show>away</show>", "busy": "<show>dnd</show>"}

    def __init__(self, registry, domain):
        self.registry = registry
        self.domain = domain

    def userOf(self, jid):
        return jid.split("@", 1)[0]

    def onStanza(self, jid, resource, stanzaType):
        connectionId = "%s/%s" % (jid, resource)
        if stanzaType == "unavailable":
            self.registry.signOff(connectionId)
        else:
            self.registry.signOn(self.userOf(jid), connectionId, "xmpp")

    def probe(self, jid):
        status = self.registry.getStatus(self.userOf(jid))
        kind = ' type="unavailable"' if status == "offline" else ""
        return "<presence from=%s%s>%s</presence>" % (
            quoteattr(jid),
            kind,
            self.SHOW.get(status, ""),
        )

    def roster(self):
        return ["%s@%s" % (u, self.domain) for u in self.registry.whoIsOnline()]
