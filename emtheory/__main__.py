"""`python -m emtheory` is the command `emtheory`."""

from emtheory.cli import main

if __name__ == "__main__":
    main()
