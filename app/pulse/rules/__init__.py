"""Judgement in pure rules: words and colours, decay, overrides, rounds."""
