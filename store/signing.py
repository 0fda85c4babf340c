"""Receipts are signed (Ed25519), so that a partner can prove what was received and when."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from schemas.values import canonical


class Signer:
    """Signs with a key derived from the installation's secret; nothing else is kept."""

    def __init__(self, secret: bytes) -> None:
        seed = HKDF(hashes.SHA256(), 32, salt=None, info=b"accord receipts").derive(secret)
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public_key(self) -> str:
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def sign(self, statement: dict[str, object]) -> dict[str, str]:
        """The signature of a JSON statement, with the key that checks it."""
        value = self._key.sign(canonical(statement)).hex()
        return {"algorithm": "Ed25519", "public_key": self.public_key, "value": value}


def is_signed(statement: dict[str, object], signature: dict[str, str]) -> bool:
    """Whether *signature* is one of *statement*, by the key that it names."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["public_key"]))
    try:
        key.verify(bytes.fromhex(signature["value"]), canonical(statement))
    except InvalidSignature:
        return False
    return True
