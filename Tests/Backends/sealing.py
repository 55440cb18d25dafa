"""What a server can send inside TLS 1.3 that no library would: records sealed by hand (RFC 8446 §5.2)."""

import ctypes
import ctypes.util
import hashlib
import hmac
import os
import socket
import ssl
import struct
import tempfile

crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
crypto.EVP_CIPHER_CTX_new.restype = ctypes.c_void_p
crypto.EVP_aes_256_gcm.restype = ctypes.c_void_p
HANDSHAKE, DIGEST = 22, hashlib.sha384
GET_TAG = 0x10  # EVP_CTRL_AEAD_GET_TAG


def expand(secret, label, length):
    """HKDF-Expand-Label (RFC 8446 §7.1), for which one block of the digest is enough."""
    label = b"tls13 " + label
    return hmac.new(secret, struct.pack(">HB", length, len(label)) + label + b"\0\1", DIGEST).digest()[:length]


class Sealer:
    """The server's side of TLS_AES_256_GCM_SHA384, from its first record behind the handshake on."""

    def __init__(self, secret):
        self.context = ctypes.c_void_p(crypto.EVP_CIPHER_CTX_new())
        self.renew(secret)

    def __del__(self):
        crypto.EVP_CIPHER_CTX_free(self.context)

    def renew(self, secret=None):
        """What follows a KeyUpdate is sealed with the next keys (§7.2)."""
        self.secret = secret or expand(self.secret, b"traffic upd", 48)
        self.vector, self.count = expand(self.secret, b"iv", 12), 0
        crypto.EVP_EncryptInit_ex(
            self.context, ctypes.c_void_p(crypto.EVP_aes_256_gcm()), None, expand(self.secret, b"key", 32), None)

    def record(self, content, kind=HANDSHAKE):
        content += bytes([kind])
        head = struct.pack(">BHH", 23, 0x0303, len(content) + 16)
        nonce = bytes(a ^ b for a, b in zip(self.vector, struct.pack(">IQ", 0, self.count)))
        self.count += 1
        sealed, tag, size = ctypes.create_string_buffer(len(content)), ctypes.create_string_buffer(16), ctypes.c_int()
        crypto.EVP_EncryptInit_ex(self.context, None, None, None, nonce)
        crypto.EVP_EncryptUpdate(self.context, None, ctypes.byref(size), head, len(head))
        crypto.EVP_EncryptUpdate(self.context, sealed, ctypes.byref(size), content, len(content))
        crypto.EVP_EncryptFinal_ex(self.context, sealed, ctypes.byref(size))
        crypto.EVP_CIPHER_CTX_ctrl(self.context, GET_TAG, 16, tag)
        return head + sealed.raw + tag.raw


def accept(line, context):
    """Shakes hands and reads the request; the socket below, and what seals records for it."""
    context.minimum_version, context.num_tickets = ssl.TLSVersion.TLSv1_3, 0
    with tempfile.NamedTemporaryFile("r") as log:
        context.keylog_filename = log.name
        with context.wrap_socket(line, server_side=True) as secure:
            secure.recv(4096)
            below = socket.socket(fileno=os.dup(secure.fileno()))
            below.settimeout(secure.gettimeout())
            name = "SERVER_TRAFFIC_SECRET_0 "
            secret = next(text.split()[2] for text in log if text.startswith(name))
            return below, Sealer(bytes.fromhex(secret))


def tickets(line, context):
    """NewSessionTicket (§4.6.1) without end."""
    below, sealer = accept(line, context)
    body = struct.pack(">IIBBHBH", 7200, 1, 1, 0, 1, 0, 0)
    many = (b"\4" + struct.pack(">I", len(body))[1:] + body) * 800
    with below:
        while True:
            below.sendall(sealer.record(many))


def updates(line, context):
    """KeyUpdate (§4.6.3) without end, each to be answered by another."""
    below, sealer = accept(line, context)
    with below:
        while True:
            below.sendall(sealer.record(b"\x18\0\0\1\1"))
            sealer.renew()
