"""What a reader gets: the after-action report, its figures and its page."""
