"""Settings come from the environment alone, and what cannot work is refused in one sentence."""

from pathlib import Path

import pytest

from cli import secrets, settings
from cli.settings import Settings, Unusable


@pytest.fixture(autouse=True)
def _without_settings(monkeypatch):
    for field in Settings.model_fields:
        monkeypatch.delenv(settings.env_name(field), raising=False)


def test_everything_is_optional():
    loaded = settings.load().check_may_start()

    assert loaded.url == "http://127.0.0.1:8000"
    assert loaded.engine_address == "127.0.0.1:7233"
    assert loaded.database_file == Path.cwd() / "var" / "accord.db"
    assert loaded.key_file == Path.cwd() / "var" / "keys" / "wrapping.key"
    assert not loaded.demo


def test_an_empty_variable_is_an_absent_one(monkeypatch):
    monkeypatch.setenv("ACCORD_PORT", "")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "")

    assert settings.load().check_may_start().port == 8000


def test_the_files_lie_in_the_data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("ACCORD_DATA_DIR", str(tmp_path))

    loaded = settings.load()

    assert loaded.database_url == f"sqlite+aiosqlite:///{tmp_path}/accord.db"
    assert loaded.key_file.is_relative_to(tmp_path)


def test_a_relative_data_folder_is_the_same_one_for_every_process(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ACCORD_DATA_DIR", "data")

    assert settings.load().as_environment()["ACCORD_DATA_DIR"] == str(tmp_path / "data")


def test_what_cannot_be_understood_is_named_once(monkeypatch):
    monkeypatch.setenv("ACCORD_PORT", "many")

    with pytest.raises(Unusable, match=r"^ACCORD_PORT cannot be used: [^.]*integer[^.]*\.$"):
        settings.load()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param(
            {"demo": True, "temporal_address": "elsewhere:7233"},
            "Demonstration mode uses the embedded Temporal only and TEMPORAL_ADDRESS names another",
            id="a demonstration on an outside engine",
        ),
        pytest.param(
            {"demo": True, "temporal_profile": "cloud"},
            "Demonstration mode uses the embedded Temporal only and TEMPORAL_PROFILE names another",
            id="a demonstration on a profile",
        ),
        pytest.param(
            {"database_url": "mysql://db/accord"},
            "ACCORD_DATABASE_URL names a database that is neither a SQLite file",
            id="another kind of database",
        ),
        pytest.param(
            {"database_url": "sqlite+aiosqlite://"},
            "ACCORD_DATABASE_URL names a database that is neither a SQLite file",
            id="a database in memory",
        ),
        pytest.param(
            {"demo": True, "host": "0.0.0.0"},  # noqa: S104 - refused
            "Demonstration mode listens on loopback only and ACCORD_HOST is 0.0.0.0",
            id="a demonstration for everybody",
        ),
        pytest.param({"port": 7233}, "must differ; they are 7233, 7233", id="one port for two"),
        pytest.param(
            {"smtp_host": "mail"},
            "ACCORD_SMTP_HOST names a mail server and ACCORD_SMTP_FROM no address",
            id="a mail server and no sender",
        ),
        pytest.param(
            {"smtp_host": "mail", "smtp_from": "a@b.example", "smtp_user": "u", "smtp_tls": "none"},
            "ACCORD_SMTP_USER would send its password in the clear",
            id="a password in the clear",
        ),
    ],
)
def test_what_is_not_supported_is_refused(changes, sentence):
    refused = Settings(**changes)

    with pytest.raises(Unusable, match=sentence):
        refused.check_may_start()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "localhost"])
def test_a_demonstration_may_use_any_loopback_address(host):
    assert Settings(demo=True, host=host).check_may_start().host == host


def test_a_sqlite_file_may_be_named_without_its_driver():
    named = Settings(database_url="sqlite:////data/store.db")

    assert named.check_may_start().database_url == "sqlite+aiosqlite:////data/store.db"


@pytest.mark.parametrize("address", ["clamd:3310", "127.0.0.1:3310", "[::1]:3310", "/run/clamd"])
def test_a_scanner_is_a_port_or_a_socket(address):
    assert Settings(scanner=address).scanner == address


@pytest.mark.parametrize("address", ["clamd", "http://clamd:3310", "clamd:port", "run/clamd"])
def test_any_other_scanner_is_refused(address, monkeypatch):
    monkeypatch.setenv("ACCORD_SCANNER", address)

    with pytest.raises(Unusable, match="write host:port, or the path of a socket"):
        settings.load()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_postgresql_may_be_named_in_every_usual_way(scheme):
    named = Settings(database_url=f"{scheme}://accord@db:5432/accord").check_may_start()

    assert named.database_url == "postgresql+asyncpg://accord@db:5432/accord"
    assert named.database_file is None


def test_the_database_password_may_stand_in_a_file(tmp_path):
    (tmp_path / "password").write_text("s:cr@t\n")
    named = Settings(
        database_url="postgresql://accord@db/accord",
        database_password_file=tmp_path / "password",
    )

    assert named.with_database_password().database_url == (
        "postgresql+asyncpg://accord:s%3Acr%40t@db/accord"
    )
    assert "s%3Acr%40t" not in str(named.as_environment())


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_port_of_the_mail_server_follows_from_how_it_is_encrypted(tls, port):
    assert Settings(smtp_tls=tls).smtp_port == port
    assert Settings(smtp_tls=tls, smtp_port=2525).smtp_port == 2525


def test_the_password_for_the_mail_server_stands_in_a_file(tmp_path):
    assert Settings().smtp_password is None
    (tmp_path / "password").write_text("s:cr@t\n")
    assert Settings(smtp_password_file=tmp_path / "password").smtp_password == "s:cr@t"
    with pytest.raises(Unusable, match="cannot be read"):
        Settings(smtp_password_file=tmp_path / "none").smtp_password  # noqa: B018 - reads it


def test_a_password_in_the_address_of_the_database_is_masked():
    shown = settings.described(Settings(database_url="postgresql://accord:hunter2@db/accord"))

    assert "hunter2" not in str(shown)


def test_an_outside_engine_leaves_the_embedded_ones_port_alone():
    assert Settings(temporal_address="elsewhere:7233", port=7233).check_may_start().port == 7233


def test_children_find_an_outside_engine_as_their_parent_does(monkeypatch):
    monkeypatch.setenv("TEMPORAL_ADDRESS", "elsewhere:7233")
    monkeypatch.setenv("TEMPORAL_TLS_SERVER_NAME", "engine")
    loaded = settings.load().check_may_start()

    assert loaded.environment_of_children()["TEMPORAL_ADDRESS"] == "elsewhere:7233"
    assert loaded.environment_of_children()["TEMPORAL_TLS_SERVER_NAME"] == "engine"
    assert "TEMPORAL_TLS_SERVER_NAME" not in loaded.environment_of_tools()


def test_children_have_the_same_settings_and_tools_have_none(monkeypatch):
    monkeypatch.setenv("ACCORD_PORT", "9000")
    monkeypatch.setenv("ACCORD_DEMO", "1")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "accord")
    loaded = settings.load()

    for_children = loaded.environment_of_children()
    for_tools = loaded.environment_of_tools()

    assert for_children["ACCORD_PORT"] == "9000"
    assert for_children["ACCORD_DEMO"] == "1"
    assert for_children["TEMPORAL_NAMESPACE"] == "accord"
    assert not [name for name in for_tools if name.startswith(("ACCORD_", "TEMPORAL_"))]


def test_a_secret_is_masked_and_every_setting_is_explained():
    shown = {s.name: s for s in settings.described(Settings(demo_password="hunter2"))}

    assert shown["ACCORD_DEMO_PASSWORD"].value == "********"
    assert shown["ACCORD_DEMO_PASSWORD"].is_set
    assert all(each.meaning for each in shown.values())


def test_a_misspelt_setting_is_found():
    assert settings.unknown_names({"ACCORD_PROT": "1", "ACCORD_PORT": "1"}) == ["ACCORD_PROT"]


def test_the_wrapping_key_is_made_once_for_its_owner_only(tmp_path):
    mine = Settings(data_dir=tmp_path / "data")

    key = secrets.wrapping_key(mine)

    assert len(key) == 32
    assert secrets.wrapping_key(mine) == key
    assert mine.key_file.stat().st_mode & 0o777 == 0o600
    assert mine.data_dir.stat().st_mode & 0o777 == 0o700


def test_a_key_that_machines_share_is_not_made_by_chance(tmp_path):
    shared = Settings(data_dir=tmp_path, database_url="postgresql://db/accord")

    with pytest.raises(Unusable, match="share one key"):
        secrets.wrapping_key(shared)

    secrets.make_wrapping_key(shared.key_file)
    assert len(secrets.wrapping_key(shared)) == 32
    with pytest.raises(Unusable, match="exists already"):
        secrets.make_wrapping_key(shared.key_file)


def test_a_lost_wrapping_key_is_not_replaced(tmp_path):
    mine = Settings(data_dir=tmp_path)
    mine.database_file.touch()

    with pytest.raises(Unusable, match="is missing although"):
        secrets.wrapping_key(mine)


@pytest.mark.parametrize("text", ["", "short", "not base64 at all !"])
def test_a_file_that_holds_no_key_is_refused(tmp_path, text):
    mine = Settings(data_dir=tmp_path, key_file=tmp_path / "key")
    mine.key_file.touch(mode=0o600)
    mine.key_file.write_text(text)

    with pytest.raises(Unusable, match="does not hold a key of 32 bytes"):
        secrets.wrapping_key(mine)


def test_a_key_that_others_may_read_is_refused(tmp_path):
    mine = Settings(data_dir=tmp_path)
    secrets.wrapping_key(mine)
    mine.key_file.chmod(0o644)

    with pytest.raises(Unusable, match="may be read by others; run: chmod 600"):
        secrets.wrapping_key(mine)


def test_the_demonstration_password_is_made_once_unless_it_is_set(tmp_path):
    made = secrets.demo_password(Settings(data_dir=tmp_path))

    assert secrets.demo_password(Settings(data_dir=tmp_path)) == made
    assert secrets.demo_password(Settings(data_dir=tmp_path, demo_password="set")) == "set"
    assert (tmp_path / "demo-password").stat().st_mode & 0o777 == 0o600
