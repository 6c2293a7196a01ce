"""One Vega-Lite specification per chart and width; the same drawing serves the web page and the PDF."""
