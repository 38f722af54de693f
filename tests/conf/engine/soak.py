"""Run edit sequences for as long as you like: ``python -m tests.conf.engine.soak``.

It goes on where its last run stopped. Its state is ``build/soak/state.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conf.engine.judge import (
    Command,
    MismatchError,
    Runner,
    random_sequence,
    replay_command,
    run_sequence,
)
from tests.conf.engine.warm import Warm

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conf.engine.edits import Edit, Step
    from tests.conf.engine.model import Flavor

STATE = Path(__file__).resolve().parents[3] / "build/soak/state.json"
COLD = 25  # every so many sequences, one runs the real command in new processes


@dataclass
class State:
    """What all runs of the soak have done so far."""

    next_seed: int = 1
    sequences: int = 0
    edits: int = 0
    failures: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def load(cls) -> State:
        """Return the saved state, or a new one."""
        return cls(**json.loads(STATE.read_text("utf-8"))) if STATE.exists() else cls()

    def save(self) -> None:
        """Write the state so that a stop at any moment leaves a whole file."""
        STATE.parent.mkdir(parents=True, exist_ok=True)
        temporary = STATE.with_suffix(".tmp")
        temporary.write_text(json.dumps(asdict(self), indent=1), "utf-8")
        temporary.replace(STATE)


def failure_of(flavor: Flavor, steps: list[Step], living: Runner, clean: Runner) -> str:
    """Run a sequence; return what went wrong, or nothing."""
    with tempfile.TemporaryDirectory(prefix="docset-soak-") as directory:
        try:
            run_sequence(Path(directory) / "trial", flavor, steps, living, clean)
        except MismatchError as wrong:
            return str(wrong)
    return ""


def shrink(steps: list[Step], fails: Callable[[list[Step]], str]) -> list[Step]:
    """Return the steps without those that the failure does not need."""
    for index in reversed(range(len(steps))):
        fewer = steps[:index] + steps[index + 1 :]
        if fails(fewer):
            steps = fewer
    return steps


def run_seed(seed: int, living: Runner, clean: Runner) -> tuple[int, str]:
    """Run the sequence of a number; return how many edits it has and what went wrong."""
    flavor, steps = random_sequence(seed)
    if seed % COLD == 0:
        living = Command()
    problem = failure_of(flavor, steps, living, clean)
    if problem:
        shorter = shrink(steps, lambda fewer: failure_of(flavor, fewer, living, clean))
        problem = failure_of(flavor, shorter, living, clean) or (
            f"{problem}\n(not every time: {replay_command(flavor, shorter)} passed)"
        )
    return sum(map(len, steps)), problem


def soak(minutes: float) -> State:
    """Run sequences until the time is over and return the state."""
    state, deadline = State.load(), time.monotonic() + minutes * 60
    with Warm() as living, Warm() as clean:
        while time.monotonic() < deadline:
            edits, problem = run_seed(state.next_seed, living, clean)
            state.sequences += 1
            state.edits += edits
            if problem:
                state.failures.append({"seed": str(state.next_seed), "problem": problem})
                print(f"seed {state.next_seed} failed:\n{problem}\n", flush=True)
            state.next_seed += 1
            state.save()
            if state.sequences % 20 == 0:
                print(f"{state.sequences} sequences, {state.edits} edits", flush=True)
    return state


def again(flavor: Flavor, steps: list[Step]) -> int:
    """Run one sequence and return an exit code."""
    with Warm() as living, Warm() as clean:
        problem = failure_of(flavor, steps, living, clean)
    print(problem or f"{sum(map(len, steps))} edits: no difference")
    return 1 if problem else 0


def _edit(text: str) -> Edit:
    name, _, seed = text.partition(":")
    return name, int(seed)


def _step(text: str) -> Step:
    return tuple(map(_edit, text.split("+")))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Compare incremental with clean builds.")
    parser.add_argument("--minutes", type=float, default=45, help="how long (default: 45)")
    parser.add_argument("--seed", type=int, help="run the sequence of this number only")
    parser.add_argument(
        "--replay",
        nargs="+",
        type=_step,
        metavar="NAME:SEED",
        help="these edits, a build after each; a + joins two",
    )
    parser.add_argument("--flavor", choices=("plain", "furo"), default="plain")
    parser.add_argument("--fresh", action="store_true", help="forget earlier runs")
    return parser


def main() -> int:
    """Run what the command line says; return 1 where something failed."""
    options = _parser().parse_args()
    if options.replay:
        return again(options.flavor, options.replay)
    if options.seed is not None:
        return again(*random_sequence(options.seed))
    if options.fresh:
        STATE.unlink(missing_ok=True)
    state = soak(options.minutes)
    print(f"{state.sequences} sequences, {state.edits} edits, {len(state.failures)} failures")
    for failure in state.failures:
        print(f"\nseed {failure['seed']}:\n{failure['problem']}")
    return 1 if state.failures else 0


if __name__ == "__main__":
    os.environ.setdefault("NO_COLOR", "1")
    sys.exit(main())
