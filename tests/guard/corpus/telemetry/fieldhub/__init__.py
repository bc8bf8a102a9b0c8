"""fieldhub: telemetry of our greenhouses, cold stores and labs."""
