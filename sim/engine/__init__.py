"""The turn: state, order of play, kernels, the Mesa model, record, outcomes, run and replay."""
