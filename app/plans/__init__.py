"""Outcomes that were agreed with customers: plans with dates and blockers, and the colour that these facts give."""
