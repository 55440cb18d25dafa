"""Where everything is: the repository, the programs, the folder of a run and what `make bench` was told."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
RESULTS = REPOSITORY / "bench/results"
TEMPLATES = REPOSITORY / "bench/peers"
CORES = os.sched_getaffinity(0)
SERVER_CORE, GENERATOR_CORE = 1, 0


class Place:
    """The programs, and a temporary folder that goes with the run."""

    def __init__(self):
        self.programs = dict(line.split("=", 1) for line in run([".ci/peers"]).splitlines() if "=" in line)
        self.environment = dict(os.environ, LD_LIBRARY_PATH=self.programs.pop("LD_LIBRARY_PATH"))
        self.programs["alula"] = os.environ.get("ALULA") or str(REPOSITORY / ".build/release/alula")
        # So that one generator can drive several builds of the server.
        self.programs["generator"] = os.environ.get("GENERATOR") or self.programs["alula"]
        self.modules = next((REPOSITORY / ".build-peers/usr/lib").glob("*/pdns"), None)
        self.folder = Path(tempfile.mkdtemp(prefix="alula-bench-"))
        self.programs["reflector"] = str(self.folder / "reflector")
        compiler = shutil.which("clang") or shutil.which("gcc")
        run([compiler, "-O2", "-o", self.programs["reflector"], "bench/reflector.c"])

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def run(words, **options):
    """What a program writes; its failure is an error that shows what it said."""
    done = subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, words))}: {done.stderr or done.stdout}")
    return done.stdout


def number(name, default):
    """An environment variable as `make bench NAME=…` sets it."""
    return type(default)(os.environ.get(name) or default)
