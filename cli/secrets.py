"""Secrets that are made once and then kept in files of their own, readable by their owner only."""

import base64
import binascii
import contextlib
import os
import secrets
import stat
from pathlib import Path

from cli.settings import Settings, Unusable, make_private_folder

_KEY_BYTES = 32


def wrapping_key(settings: Settings) -> bytes:
    """Return the 32 bytes of the wrapping key, made at the first start on one machine.

    A lost key is refused rather than replaced: a new one could not read what the old one wrapped.
    """
    path = settings.key_file
    if not path.exists():
        if settings.database_file is None:
            raise Unusable(
                f"The key file {path} is missing. All processes on one database share one key: "
                "put it there, or set ACCORD_KEY_FILE; for a new database, `accord keys new` makes "
                "one."
            )
        if settings.database_file.exists():
            raise Unusable(
                f"The key file {path} is missing although {settings.database_file} exists, whose "
                "contents cannot be read without it; put the key back or set ACCORD_KEY_FILE."
            )
        make_wrapping_key(path)
    return _key(path)


def wrapping_secrets(settings: Settings) -> list[bytes]:
    """Return every wrapping key there is, the one that new data keys are wrapped under first.

    There are several while `accord keys rotate` is under way, and as long as old ones are kept.
    """
    path = settings.key_file
    retired = sorted(path.parent.glob(f"{path.name}.retired-*"))
    return [_key(each) for each in (next_key_file(path), path, *retired) if each.exists()]


def next_key_file(path: Path) -> Path:
    """Where the wrapping key lies that is taking over."""
    return path.with_name(f"{path.name}.next")


def make_next_key(settings: Settings) -> bytes:
    """Return the wrapping key that is to take over; the same one when a rotation was cut off."""
    path = next_key_file(settings.key_file)
    if not path.exists():
        _keep(path, base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode())
    return _key(path)


def put_next_key_in_place(settings: Settings, name: str) -> Path:
    """Let the next key take over, and return where the one before it now lies."""
    path = settings.key_file
    retired = path.with_name(f"{path.name}.retired-{name}")
    try:
        with contextlib.suppress(FileExistsError):
            os.link(path, retired)
        next_key_file(path).replace(path)
    except OSError as error:
        raise Unusable(f"{path} cannot be replaced: {error.strerror}.") from None
    return retired


def _key(path: Path) -> bytes:
    try:
        key = base64.b64decode(_kept(path), altchars=b"-_", validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _KEY_BYTES:
        raise Unusable(
            f"The key file {path} does not hold a key of {_KEY_BYTES} bytes in base64url."
        )
    return key


def make_wrapping_key(path: Path) -> None:
    """Make a key where there is none."""
    if path.exists():
        raise Unusable(f"{path} exists already; what was written with it needs it.")
    _keep(path, base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode())


def demo_password(settings: Settings) -> str:
    """Return the password of the demonstration accounts: the one set, or one made once and kept."""
    if settings.demo_password is not None:
        return settings.demo_password.get_secret_value()
    path = settings.data_dir / "demo-password"
    if not path.exists():
        _keep(path, secrets.token_urlsafe(12))
    return _kept(path)


def _keep(path: Path, text: str) -> None:
    """Write the secret whole or not at all; of two at the same time, the first one stays."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        make_private_folder(path.parent)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(unfinished, path)
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    except OSError as error:
        raise Unusable(f"{path} cannot be written: {error.strerror}.") from None


def _kept(path: Path) -> str:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Unusable(f"{path} may be read by others; run: chmod 600 {path}")
        return path.read_text().strip()
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from None
