"""The pure logic of health: what a scorecard is, and how measured values become scores and bands."""
