"""A kept file as a download: checked against its hash, never shown inside a page of ours."""

from __future__ import annotations

import hashlib
from io import BytesIO

from flask import Response, send_file
from flask_babel import gettext as _

from cascade.errors import StorageError
from cascade.store import FileStore

# Everything else goes out as bytes that no browser makes anything of.
_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain; charset=utf-8",
}


def attachment(store: FileStore, sha256: str, name: str) -> Response:
    """The file with this hash under its name for people; StorageError when it is damaged."""
    try:
        content = store.path(sha256).read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StorageError(_("The file is missing or damaged. Tell the administrator."))
    kind = _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    return send_file(BytesIO(content), kind, as_attachment=True, download_name=name or "file")
