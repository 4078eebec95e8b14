-- out: the next place in the feed
SELECT coalesce(max(sequence), 0) + 1 FROM submission
