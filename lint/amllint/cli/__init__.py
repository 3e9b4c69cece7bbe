"""The command line: arguments and printing, nothing else.

`--version` is answered before anything is imported that it does not need.
"""

from __future__ import annotations

import errno
import os
import sys

owns_process = False
"""Whether the process runs this command and nothing else."""


def entry() -> None:
    """Run the command and leave the process with its exit code."""
    global owns_process
    owns_process = True
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
        sys.stderr.flush()
        # Taking thousands of syntax nodes apart again would only cost time.
        os._exit(code)
    except KeyboardInterrupt:
        code = 130
        print("interrupted", file=sys.stderr)
    except BrokenPipeError:
        # The reader has gone (`amllint check | head`): nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC)):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"amllint: the output cannot be written: {error.strerror}", file=sys.stderr)
        code = 4
    sys.exit(code)


def main(arguments: list[str]) -> int:
    """Run a command line; the exit code."""
    if arguments in (["--version"], ["-V"]):
        from amllint import __version__

        print(f"amllint {__version__}")
        return 0
    from amllint.cli.parser import run

    return run(arguments)
