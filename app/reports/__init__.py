"""The gap report: one document for HTML, PDF and JSON."""
