"""What happens when crowd and force meet: throwing, shield lines, agents, extraction, detention, injuries."""
