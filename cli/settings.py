"""What an operator may set, and the only place that reads the environment.

Everything is optional: a setting that is absent or empty has the value of `accord config`.
"""

import ipaddress
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parents[1]

Port = Annotated[int, Field(ge=1, le=65535)]
Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]

_PREFIXES = ("ACCORD_", "TEMPORAL_")
_SQLITE = "sqlite+aiosqlite:///"
_POSTGRESQL = "postgresql+asyncpg://"
_SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")
_WITH_PASSWORD = re.compile(r"(?<=://)([^:@/]*)(?::[^@/]*)?(?=@)")


def _with_driver(url: str) -> str:
    """The two databases may be named without the driver that Accord uses for them."""
    url = re.sub(r"^sqlite:///", lambda _: _SQLITE, url)
    return re.sub(r"^postgres(ql)?://", lambda _: _POSTGRESQL, url)


DatabaseUrl = Annotated[str, AfterValidator(_with_driver)]


def _with_port(address: str) -> str:
    if not re.fullmatch(r"/.+|[^\s:/]+:\d{1,5}|\[[0-9A-Fa-f:]+\]:\d{1,5}", address):
        raise ValueError("write host:port, or the path of a socket")
    return address


ScannerAddress = Annotated[str, AfterValidator(_with_port)]


EXIT_UNUSABLE = 78
"""What a process answers when starting it again would not help (EX_CONFIG of sysexits.h)."""


class Unusable(Exception):
    """The settings or the machine do not allow this; the text is one sentence for the operator."""


class Settings(BaseSettings):
    """The settings of one process. Paths are absolute, and nothing is left to be worked out."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, populate_by_name=True
    )

    host: str = Field(
        default="127.0.0.1",
        validation_alias="ACCORD_HOST",
        description="The address the API listens on; demonstration mode allows loopback only.",
    )
    port: Port = Field(
        default=8000,
        validation_alias="ACCORD_PORT",
        description="The port of the API and the pages.",
    )
    data_dir: Folder = Field(
        default=Path("var"),
        validate_default=True,
        validation_alias="ACCORD_DATA_DIR",
        description="The folder of the databases, logs and process ids.",
    )
    key_file: Folder = Field(
        default_factory=lambda data: data.get("data_dir", Path("var")) / "keys" / "wrapping.key",
        validation_alias="ACCORD_KEY_FILE",
        description=(
            "The key that wraps every proposal's own key, made at the first start. Keep a copy, "
            "apart from the backup of the data folder: without it nothing encrypted can be read, "
            "and a backup that holds it protects nothing."
        ),
        json_schema_extra={"default": "keys/wrapping.key in the data folder"},
    )
    temporal_port: Port = Field(
        default=7233,
        validation_alias="ACCORD_TEMPORAL_PORT",
        description="The port of the embedded Temporal server, on loopback.",
    )
    temporal_ui_port: Port | None = Field(
        default=None,
        validation_alias="ACCORD_TEMPORAL_UI_PORT",
        description="The port of Temporal's own pages, on loopback; absent, they are not served.",
    )
    temporal_ui_url: str | None = Field(
        default=None,
        validation_alias="ACCORD_TEMPORAL_UI_URL",
        description=(
            "Where people reach Temporal's own pages (https://temporal.dept.example): the pages of "
            "a proposal lead there for administrators."
        ),
        json_schema_extra={"default": "with ACCORD_TEMPORAL_UI_PORT, that port on loopback"},
    )
    database_url: DatabaseUrl = Field(
        default_factory=lambda data: f"{_SQLITE}{data.get('data_dir', Path('var')) / 'accord.db'}",
        validation_alias="ACCORD_DATABASE_URL",
        description=(
            "The database of the store: a SQLite file (sqlite:///path) or, for many processes and "
            "machines, PostgreSQL (postgresql://user@host:5432/name)."
        ),
        json_schema_extra={"default": "accord.db in the data folder"},
    )
    database_password_file: Folder | None = Field(
        default=None,
        validation_alias="ACCORD_DATABASE_PASSWORD_FILE",
        description="A file with the password of the database, so that its address holds none.",
    )
    temporal_address: str | None = Field(
        default=None,
        validation_alias="TEMPORAL_ADDRESS",
        description=(
            "An outside Temporal server (host:7233) instead of the embedded one; TEMPORAL_API_KEY "
            "and the TEMPORAL_TLS variables mean what they mean to the `temporal` command."
        ),
    )
    temporal_profile: str | None = Field(
        default=None,
        validation_alias="TEMPORAL_PROFILE",
        description="A profile of Temporal's configuration file that names an outside server.",
    )
    temporal_config_file: Folder | None = Field(
        default=None,
        validation_alias="TEMPORAL_CONFIG_FILE",
        description="The configuration file of the profiles.",
        json_schema_extra={"default": "where the `temporal` command keeps it"},
    )
    temporal_api_key: SecretStr | None = Field(
        default=None,
        validation_alias="TEMPORAL_API_KEY",
        description="The key that an outside Temporal server asks for; switches TLS on.",
    )
    temporal_namespace: str | None = Field(
        default=None,
        validation_alias="TEMPORAL_NAMESPACE",
        description="The namespace of the workflows.",
        json_schema_extra={"default": "the profile's, or `default`"},
    )
    demo: bool = Field(
        default=False,
        validation_alias="ACCORD_DEMO",
        description="1: fill an empty database with the demonstration (`make up` sets 1).",
    )
    demo_password: SecretStr | None = Field(
        default=None,
        validation_alias="ACCORD_DEMO_PASSWORD",
        description="The password of every demonstration account; absent, one is made and kept.",
        json_schema_extra={"default": "made at the first start and kept in the data folder"},
    )
    scanner: ScannerAddress | None = Field(
        default=None,
        validation_alias="ACCORD_SCANNER",
        description=(
            "A ClamAV daemon that looks at every uploaded file: host:port, or the path of its "
            "socket. Absent, files are taken as they are."
        ),
    )
    public_url: str | None = Field(
        default=None,
        validation_alias="ACCORD_PUBLIC_URL",
        description="Where people reach Accord (https://accord.example): e-mails lead there.",
        json_schema_extra={"default": "http://, the host and the port above"},
    )
    smtp_host: str | None = Field(
        default=None,
        validation_alias="ACCORD_SMTP_HOST",
        description="The mail server. Absent, no e-mail is sent, and Accord alone tells people.",
    )
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        validation_alias="ACCORD_SMTP_TLS",
        description="How the connection to the mail server is encrypted: starttls, tls or none.",
    )
    smtp_port: Port = Field(
        default_factory=lambda data: _SMTP_PORTS[data.get("smtp_tls", "starttls")],
        validation_alias="ACCORD_SMTP_PORT",
        description="The port of the mail server.",
        json_schema_extra={"default": "587 with starttls, 465 with tls, 25 with none"},
    )
    smtp_user: str | None = Field(
        default=None,
        validation_alias="ACCORD_SMTP_USER",
        description="Whom the mail server knows Accord as; absent, Accord does not sign in there.",
    )
    smtp_password_file: Folder | None = Field(
        default=None,
        validation_alias="ACCORD_SMTP_PASSWORD_FILE",
        description="A file with the password for the mail server.",
    )
    smtp_from: str | None = Field(
        default=None,
        validation_alias="ACCORD_SMTP_FROM",
        description="The address that e-mails are from; needed where a mail server is named.",
    )
    digest_hour: Annotated[int, Field(ge=0, le=23)] = Field(
        default=7,
        validation_alias="ACCORD_DIGEST_HOUR",
        description="The hour in Toronto at which daily digests leave.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        validation_alias="ACCORD_LOG_LEVEL",
        description="The least grave events that are logged: debug, info, warning or error.",
    )
    log_format: Literal["console", "json"] | None = Field(
        default=None,
        validation_alias="ACCORD_LOG_FORMAT",
        description="console or json.",
        json_schema_extra={"default": "console on a terminal, json elsewhere"},
    )
    metrics_port: Annotated[int, Field(ge=1, le=65533)] | None = Field(
        default=None,
        validation_alias="ACCORD_METRICS_PORT",
        description=(
            "Where Prometheus finds the API's metrics, on loopback; the worker's are one port "
            "further, and the Temporal SDK's two. Absent, nothing is counted."
        ),
    )
    otlp_endpoint: str | None = Field(
        default=None,
        validation_alias="ACCORD_OTLP_ENDPOINT",
        description=(
            "Where OpenTelemetry traces are sent over HTTP, such as http://127.0.0.1:4318. Absent, "
            "none are made."
        ),
    )

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the service."""
        return f"http://{'[' + self.host + ']' if ':' in self.host else self.host}:{self.port}"

    @property
    def has_outside_engine(self) -> bool:
        """Whether Temporal runs elsewhere, instead of under `accord up`."""
        return bool(self.temporal_address or self.temporal_profile)

    @property
    def engine_address(self) -> str:
        """Where clients find the embedded Temporal."""
        return f"127.0.0.1:{self.temporal_port}"

    @property
    def engine_namespace(self) -> str:
        """The namespace of the embedded Temporal."""
        return self.temporal_namespace or "default"

    @property
    def has_outside_database(self) -> bool:
        """Whether the store is a server that others may use too, instead of a file."""
        return self.database_url.startswith(_POSTGRESQL)

    @property
    def database_file(self) -> Path | None:
        """The file behind `database_url`; None where it is no file."""
        if self.has_outside_database:
            return None
        return Path(self.database_url.partition(":///")[2])

    @property
    def is_on_loopback(self) -> bool:
        """Whether only this machine can reach the API."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def check_may_start(self) -> Self:
        """Refuse, with `Unusable`, what is not supported or not safe; return the settings."""
        is_file = self.database_url.startswith(_SQLITE) and self.database_url != _SQLITE
        if not is_file and not self.has_outside_database:
            raise Unusable(
                "ACCORD_DATABASE_URL names a database that is neither a SQLite file "
                "(sqlite:///path/to/file) nor PostgreSQL (postgresql://user@host/name)."
            )
        if self.demo and self.has_outside_engine:
            name = "TEMPORAL_ADDRESS" if self.temporal_address else "TEMPORAL_PROFILE"
            raise Unusable(
                f"Demonstration mode uses the embedded Temporal only and {name} names another; "
                "unset it or set ACCORD_DEMO=0."
            )
        if self.demo and not self.is_on_loopback:
            raise Unusable(
                f"Demonstration mode listens on loopback only and ACCORD_HOST is {self.host}; "
                "set ACCORD_HOST=127.0.0.1 or ACCORD_DEMO=0."
            )
        self._check_mail()
        metrics = self.metrics_port
        taken = (self.port, self.temporal_port, self.temporal_ui_port)
        ports = [p for p in taken if p is not None]
        ports += [] if metrics is None else [metrics, metrics + 1, metrics + 2]
        if len(set(ports)) < len(ports) and not self.has_outside_engine:
            raise Unusable(
                "ACCORD_PORT, ACCORD_TEMPORAL_PORT, ACCORD_TEMPORAL_UI_PORT and "
                "ACCORD_METRICS_PORT (with the two after it) must differ; "
                f"they are {', '.join(map(str, ports))}."
            )
        return self

    def _check_mail(self) -> None:
        if self.smtp_host is None:
            return
        if self.smtp_from is None or not _ADDRESS.fullmatch(self.smtp_from):
            raise Unusable(
                "ACCORD_SMTP_HOST names a mail server and ACCORD_SMTP_FROM no address that e-mails "
                "are from; set it, such as accord@dept.example."
            )
        if self.smtp_user is not None and self.smtp_tls == "none":
            raise Unusable(
                "ACCORD_SMTP_USER would send its password in the clear, since ACCORD_SMTP_TLS is "
                "none; set starttls or tls."
            )

    @property
    def smtp_password(self) -> str | None:
        """The password for the mail server, read from its file."""
        if self.smtp_password_file is None:
            return None
        try:
            return self.smtp_password_file.read_text().strip()
        except OSError as error:
            raise Unusable(f"{self.smtp_password_file} cannot be read: {error.strerror}.") from None

    def with_database_password(self) -> Self:
        """These settings with the password in the database's address, for this process alone."""
        file = self.database_password_file
        if file is None or not self.has_outside_database:
            return self
        try:
            password = quote(file.read_text().strip(), safe="")
        except OSError as error:
            raise Unusable(f"{file} cannot be read: {error.strerror}.") from None
        url = _WITH_PASSWORD.sub(lambda found: f"{found[1]}:{password}", self.database_url, 1)
        return self.model_copy(update={"database_url": url, "database_password_file": None})

    def as_environment(self) -> dict[str, str]:
        """These settings as the environment of a child that shall have the same ones."""
        shown = {name: _plain(getattr(self, name)) for name in type(self).model_fields}
        return {env_name(name): text for name, text in shown.items() if text is not None}

    def environment_of_children(self) -> dict[str, str]:
        """The environment of Accord's own processes: this one's, with these settings and no other.

        They find Accord where this process found it, whatever folder they start in.
        """
        found = os.environ.get("PYTHONPATH")
        engine = {k: v for k, v in os.environ.items() if k.startswith("TEMPORAL_")}
        return self.environment_of_tools() | {
            **(engine if self.has_outside_engine else {}),
            **self.as_environment(),
            "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *([found] if found else [])]),
            "PYTHONUNBUFFERED": "1",
        }

    @staticmethod
    def environment_of_tools() -> dict[str, str]:
        """The environment of other programs: no setting of Accord's or Temporal's reaches them."""
        return {k: v for k, v in os.environ.items() if not k.startswith(_PREFIXES)}


def load() -> Settings:
    """Read the environment, or say in `Unusable` which setting cannot be understood."""
    try:
        return Settings()
    except ValidationError as error:
        raise Unusable(
            " ".join(
                f"{e['loc'][0]} cannot be used: {e['msg']}."
                for e in error.errors()
                if e["type"] != "default_factory_not_called"  # it only follows from another one
            )
        ) from None


def make_private_folder(path: Path) -> None:
    """Make a folder and what is missing above it, for its owner only."""
    if not path.is_dir():
        make_private_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def make_data_folder(settings: Settings) -> None:
    """Make the data folder, which a process that runs alone may be the first to use."""
    try:
        make_private_folder(settings.data_dir)
    except OSError as error:
        raise Unusable(
            f"The data folder {settings.data_dir} cannot be used ({error.strerror}); "
            "set ACCORD_DATA_DIR to one that can be written."
        ) from None


def unknown_names(environment: Mapping[str, str] | None = None) -> list[str]:
    """Return names that look like Accord's settings and are none, most likely misspelt."""
    known = {env_name(name) for name in Settings.model_fields}
    present = os.environ if environment is None else environment
    return sorted(k for k in present if k.startswith("ACCORD_") and k not in known)


@dataclass(frozen=True)
class Described:
    """One setting as an operator reads it; a secret's value is masked."""

    name: str
    value: str
    is_set: bool
    default: str
    meaning: str


def described(settings: Settings) -> list[Described]:
    """Return every setting there is."""
    return [
        Described(
            name=env_name(name),
            value=_WITH_PASSWORD.sub(_mask, _masked(getattr(settings, name))),
            is_set=name in settings.model_fields_set,
            default=_default_of(name),
            meaning=field.description or "",
        )
        for name, field in Settings.model_fields.items()
    ]


def find_temporal() -> Path:
    """Return the `temporal` program: the environment's own, or else the one on the PATH."""
    folders = [str(Path(sys.executable).parent), *os.get_exec_path()]
    for folder in folders:
        program = Path(folder, "temporal")
        if program.is_file() and os.access(program, os.X_OK):
            return program
    raise Unusable(
        f"The `temporal` program is neither in {folders[0]} nor on the PATH; "
        "run `make clean up` to install it."
    )


def env_name(field: str) -> str:
    """Return the environment variable of a field."""
    return str(Settings.model_fields[field].validation_alias)


def _plain(value: object) -> str | None:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return str(int(value))
    return None if value is None else str(value)


def _masked(value: object) -> str:
    return "********" if isinstance(value, SecretStr) else (_plain(value) or "")


def _mask(found: re.Match[str]) -> str:
    return f"{found[1]}:********" if ":" in found[0] else found[0]


def _default_of(name: str) -> str:
    field = Settings.model_fields[name]
    extra: Any = field.json_schema_extra
    if extra:
        return str(extra["default"])
    return _plain(field.default) or ""
