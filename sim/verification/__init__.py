"""Published cases run through the project's own rules."""
