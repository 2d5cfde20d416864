"""Where it happens: places, routes between them, and the plan of a site in 5 m cells."""
