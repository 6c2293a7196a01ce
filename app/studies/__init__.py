"""Studies: a questionnaire, a cross-section of accounts and a period of fieldwork."""
