"""``python -m sim`` is ``kforsim``."""

from sim.cli.main import main

if __name__ == "__main__":
    main()
