"""What a scenario is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from .outcome import Expected
from .state import Seen, see
from .world import RunResult, World, is_data, run_program

PROGRAMS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Scenario:
    """One run of an example program.

    Attributes:
        name: Of the scenario; that of its program where there is one only.
        program: File name of the program.
        build: Makes the start state.
        expected: What the program leaves behind.
        argv: Its arguments; ``{origin}`` stands for the address of the remote.
        repository: Where the repository is that the program works on.
        needs: A command that has to be installed.
        migratable: Whether it also makes sense on a repository whose data is with DVC already.
    """

    name: str
    program: str
    build: Callable[[World], None]
    expected: Expected
    argv: tuple[str, ...] = ()
    repository: str = "work"
    needs: str = "git"
    migratable: bool = False

    @property
    def path(self) -> Path:
        """The program."""
        return PROGRAMS / self.program

    def start(self, root: Path, *, migrated: bool = False) -> None:
        """Make the start state in the new folder ``root``.

        Args:
            root: Is made.
            migrated: Whether all data is with DVC from the first commit on, as after an earlier migration.
        """
        self.build(World(root, migrated=migrated))

    def run(self, program: Path | str, root: Path) -> RunResult:
        """Run a program (a file, or its text) with the scenario's arguments in the world at ``root``."""
        argv = [word.format(origin=root / "origin.git") for word in self.argv]
        return run_program(program, root, argv=argv)

    def state(self, root: Path) -> Seen:
        """Read what there is now in the world at ``root``."""
        return see(root, repository=self.repository)

    def outcome(self, *, migrated: bool = False) -> Expected:
        """What is expected; from a migrated start, all data of all commits is with DVC."""
        if not migrated:
            return self.expected
        data = {
            ref: frozenset(path for path in files if is_data(path))
            for ref, files in self.expected.trees.items()
        }
        return replace(self.expected, data=data)
