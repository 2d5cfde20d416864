"""What moves a person towards violence or away from it: anger, net risk, activation, what is learnt."""
