"""What a force may do, who says so and how long that takes: mandate, rules of engagement, command, orders."""
