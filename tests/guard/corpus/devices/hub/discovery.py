import socket
import time

from hub.device import Device

MSEARCH = (
    "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
    'MAN: "ssdp:discover"\r\nMX: 2\r\nST: ssdp:all\r\n\r\n'
)


class DeviceDiscovery(object):
    """Asks the network who is there (SSDP).  Whoever answers is a Device."""

    def __init__(self, timeout=3):
        self.timeout = timeout

    def listDevices(self):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.settimeout(self.timeout)
        sock.sendto(MSEARCH.encode("ascii"), ("239.255.255.250", 1900))
        found = {}
        end = time.time() + self.timeout
        while time.time() < end:
            try:
                data, (host, port) = sock.recvfrom(4096)
            except socket.timeout:
                break
            headers = self.parse(data.decode("ascii", "replace"))
            usn = headers.get("usn", host)
            found[usn] = Device(
                usn, headers.get("st", "upnp"), headers.get("server", host)
            )
        sock.close()
        return list(found.values())

    def parse(self, text):
        headers = {}
        for line in text.split("\r\n")[1:]:
            if ":" in line:
                key, value = line.split(":", 1)
                headers[key.strip().lower()] = value.strip()
        return headers
