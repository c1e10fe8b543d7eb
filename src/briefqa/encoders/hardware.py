"""Where passages are encoded, and how exactly: the best device that torch sees, and bf16 where that has it natively."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Mapping

BF16, FP32 = "bf16", "fp32"
# By the names of torch.cpu.get_capabilities: Intel's AMX, AVX-512, and 64-bit ARM.
_CPU_BF16 = ("amx_bf16", "avx512_bf16", "bf16")


def best_device() -> str:
    """cuda, mps or cpu, as torch names them."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def best_precision(device: str) -> str:
    """bf16 where `device` multiplies it faster than fp32, or fp32.

    A CPU that lacks the instructions would emulate them; macOS has no oneDNN to use them, and MPS gains little.
    """
    if device.startswith("cuda"):
        return BF16 if torch.cuda.is_bf16_supported(including_emulation=False) else FP32
    if device != "cpu" or platform.system() == "Darwin" or not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return FP32
    return BF16 if any(_capabilities().get(name) for name in _CPU_BF16) else FP32


def _capabilities() -> Mapping[str, object]:
    ask = getattr(torch.cpu, "get_capabilities", None)  # newer than the oldest torch that serves
    return ask() if ask else {}
