"""Rules of the mails that ask for answers: when they go out, to whom again, what they say, what a failure means."""
