"""Change one thing in a helper at a time and see whether its tests notice.

With ``pip install cosmic-ray``, which makes the mutants: ``python -m tools.mutants activations``.
Each is tested in a fork that has the libraries loaded and gets the changed module in memory. So no
file changes, and a mutant costs its tests and nothing else. Linux and macOS only.
"""

# mypy: allow-untyped-calls, disable-error-code="import-not-found, import-untyped, unused-ignore"
# (cosmic-ray carries no types, and need not be installed)

import argparse
import difflib
import os
import re
import signal
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType

import hypothesis
import numpy as np
import pytest
import sympy.parsing.latex
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).parents[1]
LOADED = (hypothesis, np, sympy)  # once, before the forks
TESTS = {
    "activations": ("test_activations.py", "test_activations_properties.py"),
    "differences": ("test_differences.py", "test_checkpoints.py"),
    "checkpoints": ("test_checkpoints.py",),
    "exercises.check": ("exercises/test_check.py",),
    "exercises.sheets": ("exercises/test_check.py",),
}


# Where answers are compared. Other points would do as well, so a mutant of them shows nothing.
POINTS = re.compile(r"\s*cases=|[A-Z]+ = np\.array")


class Changed(MetaPathFinder, InspectLoader):
    """Imports one module from the text given instead of from its file."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where to load the module from: here."""
        return spec_from_loader(fullname, self) if fullname == self.name else None

    def get_source(self, fullname: str) -> str:
        """Return the text to load."""
        return self.source


def mutants(source: str) -> Iterator[str]:
    """Yield every text that differs from `source` by one mutation, not of points, and compiles."""
    tree, seen = get_ast(source), {source}
    for name in operator_names():
        if get_operator(name).arguments():  # those want to be told what to replace
            continue
        operator = get_operator(name)()
        places = [at for node in ast_nodes(tree) for at in operator.mutation_positions(node)]
        for occurrence in range(len(places)):
            changed = mutate_code(source, operator, occurrence)
            if changed is None or changed in seen:
                continue
            seen.add(changed)
            lines = zip(source.splitlines(), changed.splitlines(), strict=False)
            if POINTS.match(next((line for line, other in lines if line != other), "")):
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)
                try:
                    compile(changed, name, "exec", dont_inherit=True)
                except SyntaxError:
                    continue
            yield changed


def survives(module: str, source: str, seconds: float) -> bool:
    """Return whether the tests of a module pass, within `seconds`, with this text in its place."""
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        sys.meta_path.insert(0, Changed(f"helpers.{module}", source))
        code = 1
        try:
            tests = [str(ROOT / "tests" / name) for name in TESTS[module]]
            # Libraries that are loaded already cannot be rewritten, as pytest would like.
            quiet = "ignore::pytest.PytestAssertRewriteWarning"
            code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-W", quiet, *tests]))
        finally:
            os._exit(code)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("module", choices=TESTS)
    parser.add_argument("--every", type=int, default=1, help="of the mutants, only each n-th")
    options = parser.parse_args(arguments)
    sys.path.insert(0, str(ROOT / "tests"))
    source = (ROOT / "helpers" / f"{options.module.replace('.', '/')}.py").read_text(
        encoding="utf-8"
    )
    start = time.monotonic()
    if not survives(options.module, source, 600):
        parser.error(f"the tests of {options.module} fail without any change")
    limit = 30 + 5 * (time.monotonic() - start)
    tried = survivors = 0
    for changed in list(mutants(source))[:: options.every]:
        tried += 1
        if survives(options.module, changed, limit):
            survivors += 1
            texts = source.splitlines(), changed.splitlines()
            print("\n".join(list(difflib.unified_diff(*texts, lineterm="", n=0))[2:]), flush=True)
    killed = tried - survivors
    print(f"{options.module}: {killed} of {tried} mutants killed, {killed / tried:.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
