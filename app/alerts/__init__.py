"""Health alerts: who is told by mail when the health of which account moves."""
