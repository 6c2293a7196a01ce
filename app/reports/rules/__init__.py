"""Pure rules of the gap report: the document, its sentences, tables and chart specifications."""
