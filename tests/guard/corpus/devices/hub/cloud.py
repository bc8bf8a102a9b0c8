import json

import boto3

from hub.device import Device, DeviceState, NoSuchDevice
from hub.registry import AbstractRegistry


class CloudRegistry(AbstractRegistry):
    """For hubs without a disk: AWS IoT keeps the things and their shadows."""

    def __init__(self, region):
        self.iot = boto3.client("iot", region_name=region)
        self.data = boto3.client("iot-data", region_name=region)

    def addDevice(self, device):
        self.iot.create_thing(
            thingName=device.deviceId,
            attributePayload={
                "attributes": {
                    "kind": device.kind,
                    "name": device.name,
                    "room": device.room,
                }
            },
        )

    def removeDevice(self, deviceId):
        self.iot.delete_thing(thingName=deviceId)

    def getDevice(self, deviceId):
        try:
            attrs = self.iot.describe_thing(thingName=deviceId)["attributes"]
        except self.iot.exceptions.ResourceNotFoundException:
            raise NoSuchDevice(deviceId)
        return Device(deviceId, attrs.get("kind"), attrs.get("name"), attrs.get("room"))

    def listDevices(self, room=None):
        found = []
        for page in self.iot.get_paginator("list_things").paginate():
            for thing in page["things"]:
                attrs = thing["attributes"]
                if room is None or attrs.get("room") == room:
                    found.append(
                        Device(
                            thing["thingName"],
                            attrs.get("kind"),
                            attrs.get("name"),
                            attrs.get("room"),
                        )
                    )
        return found

    def setState(self, deviceId, value, battery=None):
        self.data.update_thing_shadow(
            thingName=deviceId,
            payload=json.dumps(
                {"state": {"reported": {"value": value, "battery": battery}}}
            ),
        )

    def getState(self, deviceId):
        shadow = json.loads(
            self.data.get_thing_shadow(thingName=deviceId)["payload"].read()
        )
        reported = shadow["state"]["reported"]
        return DeviceState(reported["value"], reported.get("battery"))
