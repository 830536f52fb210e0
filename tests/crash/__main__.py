"""The crash test as a program; by default it takes many minutes."""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from secrets import token_hex

from tests.crash.plan import Sizes
from tests.crash.run import Run
from tests.crash.variants import VARIANTS, opened


def main() -> int:
    """Run the variants asked for, by default all; 1 when something was not as promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variant", choices=VARIANTS, action="append")
    parser.add_argument("--reminders", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", default=token_hex(4))
    parser.add_argument("--seconds", type=float, default=1_800, help="for each variant, at most")
    parser.add_argument("--keep", type=Path, help="folder for the database and the logs")
    asked = parser.parse_args()
    sizes = Sizes(
        reminders=asked.reminders,
        messages=asked.messages,
        kills=asked.kills,
        seed=asked.seed,
        seconds=asked.seconds,
    )
    wrong = False
    for variant in asked.variant or VARIANTS:
        sys.stderr.write(f"{variant}, seed {sizes.seed}\n")
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            if asked.keep:
                folder = asked.keep / variant
                folder.mkdir(parents=True)
            report = Run(opened(variant, sizes, folder, stack), folder, stack).play()
        sys.stdout.write("\n".join(report.lines()) + "\n")
        sys.stdout.flush()
        wrong = wrong or bool(report.wrong)
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
