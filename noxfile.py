"""The stages of continuous integration; `.ci/run` calls them one by one, `nox -s lint` runs one alone."""

from __future__ import annotations

from pathlib import Path

import nox

nox.options.default_venv_backend = "venv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests", "lint", "types"]

CORES = "2"


@nox.session
def tests(session: nox.Session) -> None:
    """The fast suite, as the README runs it."""
    session.install(".[test]")
    session.run("python", "-m", "pytest", "-q", "-n", CORES, *session.posargs)


@nox.session
def torch(session: nox.Session) -> None:
    """What reads and trains torch networks."""
    session.install(".[test,train]")
    session.run("python", "-m", "pytest", "-q", "-n", CORES, "tests/with_torch", *session.posargs)


@nox.session
def slow(session: nox.Session) -> None:
    """Sweeps, killed processes, fuzzed files."""
    session.install(".[test]")
    session.run("python", "-m", "pytest", "-q", "-n", CORES, "-m", "slow", *session.posargs)


@nox.session(venv_backend="uv")
def lowest(session: nox.Session) -> None:
    """`emtheory verify` and the fast tests with the lowest versions that pyproject.toml allows."""
    session.install("--resolution=lowest-direct", ".[test]")
    session.run("uv", "pip", "list", external=True)
    session.run("emtheory", "verify")
    session.run("python", "-m", "pytest", "-q", "-n", CORES)


@nox.session
def mutants(session: nox.Session) -> None:
    """Planted mistakes that the tests have to find: `nox -s mutants -- --sample 40 --seed 0`; all without a sample."""
    session.install(".[test]", "mutmut>=3.8")
    session.run("python", "benchmarks/mutants.py", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Style and layout of the code."""
    session.install("ruff>=0.8")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Types, strictly."""
    session.install(".[test]")
    session.run("mypy")


@nox.session
def wheel(session: nox.Session) -> None:
    """The wheel, installed alone, from an empty folder."""
    folder = Path(session.create_tmp()).resolve()
    session.install("build>=1.2")
    session.run("python", "-m", "build", "--wheel", "--outdir", str(folder), ".", silent=True)
    (built,) = folder.glob("*.whl")
    session.run("python", "-m", "venv", "--clear", str(folder / "installed"))
    scripts = folder / "installed" / "bin"
    session.run(str(scripts / "pip"), "install", "-q", str(built), external=True)
    empty = folder / "empty"
    empty.mkdir(exist_ok=True)
    session.chdir(empty)
    for words in COMMANDS:
        session.run(str(scripts / "emtheory"), *words.split(), external=True)


COMMANDS = [
    "verify",
    "prove memory-basis write-interference",
    "predict compose-copy:8",
    "analyze zoo:repeat-copy-s8-k8-n128 --task repeat-copy:s=8,k=8",
    "build compose-copy:8 -o weights.safetensors",
    "certify weights.safetensors --task compose-copy:8",
    "reproduce table",
    "report memory-basis -o report",
]
