"""Pure rules of interviews: what stands at a question, how far one has come, when one may be held, who holds it."""
