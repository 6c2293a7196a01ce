"""Pure rules of questionnaires: what a question is and what counts as an answer."""
