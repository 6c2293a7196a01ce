"""The data of one person: what there is, a copy of it, its erasure; and how long words are kept."""
