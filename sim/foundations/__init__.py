"""What every other rung stands on: chance, arithmetic, rules, parameters, columns, clock, documents, errors."""
