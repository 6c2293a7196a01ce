"""What writes for surveys: mails queued, sent, stopped, and the words that they say."""
