"""What can go wrong while drawing."""

from __future__ import annotations

from cascade.errors import BadInputError, CascadeError


class DrawingError(CascadeError):
    """The picture could not be drawn."""


class BadPictureError(DrawingError, BadInputError):
    """The picture contradicts itself."""


class UnknownFormatError(DrawingError, BadInputError):
    """That is not a format a picture can be drawn in."""

    remedy = "Name the file .svg, .png, .pdf or .dot (.gv is the same as .dot)."


class EngineError(DrawingError):
    """A layout engine did not answer; another one takes its place."""


class EngineTimeoutError(EngineError):
    """A layout engine needed too long and was stopped."""
