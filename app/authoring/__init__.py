"""Writing questionnaires: the bank of questions, drafts with their editor and preview, and what publishing changes."""
