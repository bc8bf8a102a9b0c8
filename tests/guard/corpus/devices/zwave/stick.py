import serial

from zwave.nodetable import NodeTable


class FrameError(IOError):
    pass


class ZwaveStick(object):
    def __init__(self, port="/dev/ttyACM0"):
        self.port = serial.Serial(port, 115200, timeout=1)
        self.table = NodeTable()

    def readFrame(self):
        if self.port.read(1) != b"\x01":
            raise FrameError("no SOF")
        length = ord(self.port.read(1))
        return self.port.read(length)

    def poll(self):
        frame = self.readFrame()
        nodeId, value = frame[3], frame[-2]
        self.table.updateValue(nodeId, value)
