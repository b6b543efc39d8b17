"""HTTPS for those who check how they trust: a certificate of the forge's own, made at its start."""

import socket
import subprocess
from pathlib import Path


def make_certificate(folder: Path) -> Path:
    """Its own certificate authority, valid for localhost; the key lies beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate = folder / "forge.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes",
                    "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", str(folder / "forge.key"), "-out", str(certificate)], check=True,
                    capture_output=True)
    return certificate


def server_side(certificate: Path):
    import ssl  # most forges never speak TLS, and this is a fifth of their start

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))

    def secure(sock: socket.socket) -> ssl.SSLSocket:
        return context.wrap_socket(sock, server_side=True)

    return secure
