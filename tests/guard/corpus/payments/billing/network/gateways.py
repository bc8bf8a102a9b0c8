from dataclasses import dataclass


@dataclass
class GatewayRoute:
    address: str
    metric: int

    def capture(self, interface):
        return f"tcpdump -i {interface} host {self.address}"

    def status(self):
        return "up" if self.metric < 255 else "down"
