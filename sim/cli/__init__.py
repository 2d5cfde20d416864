"""The command ``kforsim``: one file a command, loaded on demand."""
