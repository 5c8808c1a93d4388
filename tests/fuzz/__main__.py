"""``python -m tests.fuzz [WORD...]``: as many damaged inputs as wanted, for all targets or those named by a word."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tests.fuzz import client_targets, form_targets, server_targets
from tests.fuzz.runner import Found, Target, made, run
from tests.fuzz.talk import Talk


def targets(talk: Talk) -> list[Target]:
    """All of them."""
    said = talk.said()
    return [*server_targets.targets(talk, said), *client_targets.targets(talk, said), *form_targets.targets(talk)]


def main() -> int:
    """The exit status is the number of targets that broke the rule."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("words", nargs="*", metavar="WORD", help="targets whose name has one of these words (all)")
    parser.add_argument("--count", type=int, default=20_000, metavar="N", help="inputs for each target (20000)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="which inputs (1; the test suite has 0)")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="number of the first (0)")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="write the first input there")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    failed = 0
    with tempfile.TemporaryDirectory() as folder, closing(Talk(Path(folder))) as talk:
        for target in targets(talk):
            if options.words and not any(word in target.name for word in options.words):
                continue
            if options.keep:
                options.keep.write_bytes(made(target, options.first, options.seed))
            try:
                run(target, options.count, options.seed, options.first)
                print(f"{target.name}: {options.count} inputs")
            except Found as found:
                failed += 1
                print(f"{found}  {_place(found)}")
    return failed


def _place(found: Found) -> str:
    cause, place = found.__cause__, ""
    while cause is not None and cause.__traceback__ is not None:
        step = cause.__traceback__
        while step.tb_next:
            step = step.tb_next
        place = f"{type(cause).__name__}: {cause} ({Path(step.tb_frame.f_code.co_filename).name}:{step.tb_lineno})"
        cause = cause.__cause__
    return place[:300]


if __name__ == "__main__":
    sys.exit(main())
