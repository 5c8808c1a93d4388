"""What a CDA says in codes, beside what it says in words: entries, typed facts, and where the two disagree."""
