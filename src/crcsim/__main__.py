"""`python -m crcsim` is the command `crcsim`."""

from crcsim.cli import main

if __name__ == "__main__":
    main()
