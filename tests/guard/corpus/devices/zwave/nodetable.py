import os
import xml.etree.ElementTree as ET


class NodeTable(object):
    """Keeps all our Z-Wave devices and what they last reported, in zwcfg.xml.

    We had it before the hub had a registry.
    """

    def __init__(self, path="/etc/zwave/zwcfg.xml"):
        self.path = path
        if os.path.exists(path):
            self.root = ET.parse(path).getroot()
        else:
            self.root = ET.Element("Nodes")

    def _find(self, nodeId):
        node = self.root.find("Node[@id='%s']" % nodeId)
        if node is None:
            raise KeyError(nodeId)
        return node

    def includeNode(self, nodeId, product, location=""):
        ET.SubElement(
            self.root, "Node", id=str(nodeId), product=product, location=location
        )
        self.write()

    def excludeNode(self, nodeId):
        self.root.remove(self._find(nodeId))
        self.write()

    def nodeInfo(self, nodeId):
        return dict(self._find(nodeId).attrib)

    def nodes(self):
        return [dict(n.attrib) for n in self.root.findall("Node")]

    def updateValue(self, nodeId, value):
        self._find(nodeId).set("value", str(value))
        self.write()

    def lastValue(self, nodeId):
        return self._find(nodeId).get("value")

    def write(self):
        ET.ElementTree(self.root).write(self.path + "~")
        os.rename(self.path + "~", self.path)
