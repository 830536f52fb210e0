"""`python -m keqiao` and the `keqiao` command."""

from keqiao.cli.app import main

if __name__ == "__main__":
    main()
