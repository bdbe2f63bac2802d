"""`python -m client.command_line` is `afterword`."""

from client.command_line import main

if __name__ == "__main__":
    main()
