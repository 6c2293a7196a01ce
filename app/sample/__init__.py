"""The sample portfolio: invented customers, their telemetry and two finished studies."""
