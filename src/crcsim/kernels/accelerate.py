"""How kernels are compiled: the only file with Numba options.

Seven decorators, by the place of a function in the call tree:

- `inline`: a formula for one lane, always inlined into the loop that calls it;
- `spliced`: a function that calls stages in order, written out into its caller;
- `stage`: a loop over the lanes of a block, called from another compiled function;
- `part`: a stage that is always inlined;
- `routine`: a stage that makes arrays of its own;
- `launch`: a stage that Python calls;
- `entry`: what Python calls; runs without the interpreter lock, so that a pool of threads can share the work.

A `stage` that takes tuples of arrays cannot be called from Python: unpacking them there is more code than
the stage itself, and would be compiled for each of them. `callable_stage` makes one callable, for tests.

No compiled function may call itself: Numba crashes when it loads such a function from the disk cache.
With NUMBA_DISABLE_JIT=1 all four return the plain Python function, which gives the same numbers up to the
last bits (there is no fused multiply-add) on scalars and arrays of NumPy types.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core.compiler import Compiler
from numba.extending import intrinsic
from numpy.typing import NDArray

from crcsim.kernels.rows import SUM_LANES

__all__ = [
    "CACHE_FOLDER",
    "FASTMATH",
    "JIT_ENABLED",
    "Floats",
    "callable_stage",
    "entry",
    "float_bits",
    "float_of_bits",
    "inline",
    "launch",
    "part",
    "routine",
    "spliced",
    "stage",
    "sum_of_leaf",
]

Floats: TypeAlias = NDArray[np.float64]
Function = TypeVar("Function", bound=Callable[..., Any])

FASTMATH = frozenset({"contract"})
"""Fused multiply-add, and nothing else.

reassoc would fold the rounding by a large constant and make sums depend on the vector width. arcp may turn
x / y into x * (1 / y) in a vector body but not in the remainder of the loop, so that a result would depend on
the number of lanes. nnan and ninf make isnan() false and a product with infinity undefined, while NaN marks
'none' and inf means 'never' in our arrays. afn and nsz gain nothing here.
"""

CONFIG: Any = numba.config
JIT_ENABLED = not CONFIG.DISABLE_JIT


def source_hash(folder: Path) -> str:
    """Hash (16 hexadecimal digits) of the names and contents of all Python files below a folder."""
    digest = hashlib.blake2b(digest_size=8)
    for file in sorted(folder.rglob("*.py")):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def package_version() -> str:
    """Version of the installed package, or 'uninstalled' when it runs from a bare source tree."""
    try:
        return importlib.metadata.version("crcsim")
    except importlib.metadata.PackageNotFoundError:
        return "uninstalled"


def user_cache_folder() -> Path:
    """NUMBA_CACHE_DIR if it is set, else the folder for caches that the operating system gives a user."""
    if CONFIG.CACHE_DIR:
        return Path(CONFIG.CACHE_DIR)
    if "XDG_CACHE_HOME" in os.environ:
        return Path(os.environ["XDG_CACHE_HOME"], "crcsim")
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"), "crcsim", "cache")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "crcsim"
    return Path.home() / ".cache" / "crcsim"


def is_writable(folder: Path) -> bool:
    """Whether the folder exists, or can be made, and takes a file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


def cache_folder() -> Path | None:
    """The folder for machine code made from exactly these sources; None where nothing can be written.

    Numba looks for changes only in the file that holds the cached function, not in the files of the functions
    that it calls, so the folder's name carries the hash of all of them.
    """
    folder = user_cache_folder() / f"kernels-{package_version()}-{source_hash(Path(__file__).parent)}"
    return folder if is_writable(folder) else None


CACHE_FOLDER = cache_folder() if JIT_ENABLED else None


@contextmanager
def _cache_here() -> Iterator[None]:
    """Let Numba place the cache of the functions decorated inside in our folder, and of no others."""
    before = CONFIG.CACHE_DIR
    CONFIG.CACHE_DIR = str(CACHE_FOLDER)
    try:
        yield
    finally:
        CONFIG.CACHE_DIR = before


class _DisjointArrays(Compiler):
    """Numba's compiler, told that the array arguments of a function do not overlap in memory."""

    hidden = True  # whether Python cannot call what takes tuples of arrays

    def define_pipelines(self) -> Any:
        """The usual passes, with the flag that Numba sets for its own parallel loops."""
        flags = self.state.flags
        flags.noalias = True
        flags.no_cfunc_wrapper = True
        flags.no_cpython_wrapper = self.hidden and any(
            isinstance(argument, types.BaseNamedTuple) for argument in self.state.args
        )
        return cast(Any, super()).define_pipelines()


class _DisjointArraysFromPython(_DisjointArrays):
    """The same for functions that Python calls."""

    hidden = False


def _compiled(function: Function, **options: Any) -> Function:
    """The function compiled at its first call, with the options that all kernels share."""
    decorate = numba.njit(fastmath=set(FASTMATH), error_model="numpy", **options)
    return cast(Function, decorate(function))


def _cached(function: Function, **options: Any) -> Function:
    """As `_compiled`, without the interpreter lock and kept on disk where that is possible.

    What is not said here a function takes over from the first one that calls it: a stage would be inlined by
    force because an `inline` function calls it.
    """
    options = {"forceinline": False, "nogil": True, **options}
    if CACHE_FOLDER is None:
        return _compiled(function, **options)
    with _cache_here():
        return _compiled(function, cache=True, **options)


def inline(function: Function) -> Function:
    """Compile a formula for one lane; it becomes part of every loop that calls it."""
    return _compiled(function, forceinline=True, _nrt=False)


def spliced(function: Function) -> Function:
    """Write a function that only calls others out into those that call it, before anything is compiled.

    LLVM goes through a function again in every function that calls it, so a tower of callers costs a multiple
    of the compile time of one.
    """
    return _compiled(function, inline="always")


def stage(function: Function) -> Function:
    """Compile a loop over lanes that compiled functions call; LLVM decides about inlining.

    What a stage writes through one array argument it must not reach through another one (rows of one table
    are different memory), and it hands back no array that it was given. In exchange no run of the loop begins
    with a check for overlap: without that promise a stage with a dozen arrays is two to five times slower,
    and one with two dozen is not vectorised at all.

    Nothing is counted as owner of an array, because every view of a counted array costs two calls, in short
    loops more than the arithmetic. So a stage makes no array (views are free); who calls the `entry` keeps
    the arrays alive.
    """
    return _cached(function, pipeline_class=_DisjointArrays, _nrt=False)


def part(function: Function) -> Function:
    """As `stage`, but always inlined: for the few loops that run for every customer and period, where what a
    call needs would cost as much as the loop.
    """
    return _cached(function, pipeline_class=_DisjointArrays, forceinline=True, _nrt=False)


def routine(function: Function) -> Function:
    """As `stage`, for functions that make arrays of their own and so have to count references."""
    return _cached(function, pipeline_class=_DisjointArrays)


def launch(function: Function) -> Function:
    """As `stage`, for functions that Python calls."""
    return _cached(function, pipeline_class=_DisjointArraysFromPython, _nrt=False)


def callable_stage(function: Callable[..., Any]) -> Callable[..., Any]:
    """A stage as Python can call it, whatever it takes."""
    if not JIT_ENABLED:
        return function
    return cast(Callable[..., Any], numba.njit(lambda *arguments: function(*arguments)))


def entry(function: Function) -> Function:
    """Compile a function that Python calls; it runs without the interpreter lock."""
    return _cached(function)


def _reinterpret_float(_: Any, value: Any) -> Any:
    """Numba's signature and LLVM code of `float_bits`."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


def _reinterpret_bits(_: Any, bits: Any) -> Any:
    """Numba's signature and LLVM code of `float_of_bits`."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


def _plain_float_bits(value: Any) -> int:
    """`float_bits` without compiler."""
    return cast(int, np.float64(value).view(np.int64))


def _plain_float_of_bits(bits: Any) -> float:
    """`float_of_bits` without compiler."""
    return np.int64(bits).view(np.float64)


def _add_up_leaf(_: Any, values: Any, start: Any) -> Any:
    """Numba's signature and LLVM code of `sum_of_leaf`."""
    leaf, place = ir.VectorType(ir.DoubleType(), SUM_LANES), ir.IntType(32)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        address = builder.bitcast(builder.gep(array.data, [arguments[1]]), leaf.as_pointer())
        parts, width = builder.load(address, align=8), SUM_LANES
        while width > 1:
            width //= 2
            low, high = (
                ir.Constant(ir.VectorType(place, width), [place(first + i) for i in range(width)])
                for first in (0, width)
            )
            parts = builder.fadd(
                builder.shuffle_vector(parts, parts, low), builder.shuffle_vector(parts, parts, high)
            )
        return builder.extract_element(parts, place(0))

    return types.float64(values, types.int64), generate


def _plain_sum_of_leaf(values: Any, start: int) -> Any:
    """`sum_of_leaf` without compiler."""
    parts = values[start : start + SUM_LANES]
    while parts.shape[0] > 1:
        half = parts.shape[0] // 2
        parts = parts[:half] + parts[half:]
    return parts[0]


float_bits: Callable[[Any], int] = _plain_float_bits
"""The 64 bits of a float64 as int64; to be called from compiled functions."""

float_of_bits: Callable[[Any], float] = _plain_float_of_bits
"""The float64 with the 64 bits of an int64; to be called from compiled functions."""

sum_of_leaf: Callable[[Any, int], float] = _plain_sum_of_leaf
"""values[start] + ... + values[start + SUM_LANES - 1] by halves, in vectors; to be called from compiled
functions, with a contiguous array.

Of a loop LLVM may not change the order, so it would add up number after number.
"""

if JIT_ENABLED:
    sum_of_leaf = cast(Any, intrinsic(_add_up_leaf))
    float_bits = cast(Any, intrinsic(_reinterpret_float))
    float_of_bits = cast(Any, intrinsic(_reinterpret_bits))
