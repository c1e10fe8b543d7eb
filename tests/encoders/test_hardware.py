"""Which device and precision are chosen, on machines that are made up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

pytestmark = pytest.mark.model


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What `encoders.hardware` takes for torch: a machine without anything."""
    from briefqa.encoders import hardware  # noqa: PLC0415 - torch

    fake = SimpleNamespace(
        cuda=SimpleNamespace(
            is_available=lambda: False, is_bf16_supported=lambda *, including_emulation: including_emulation
        ),
        backends=SimpleNamespace(
            mps=SimpleNamespace(is_available=lambda: False), mkldnn=SimpleNamespace(is_available=lambda: True)
        ),
        cpu=SimpleNamespace(get_capabilities=dict),
    )
    monkeypatch.setattr(hardware, "torch", fake)
    monkeypatch.setattr("briefqa.encoders.hardware.platform.system", lambda: "Linux")
    return fake


def chosen() -> tuple[str, str]:
    from briefqa.encoders.hardware import best_device, best_precision  # noqa: PLC0415 - torch

    device = best_device()
    return device, best_precision(device)


def test_a_gpu_before_the_cpu_and_cuda_before_mps(torch: Any) -> None:
    assert chosen() == ("cpu", "fp32")
    torch.backends.mps.is_available = lambda: True
    assert chosen() == ("mps", "fp32")
    torch.cuda.is_available = lambda: True
    assert chosen() == ("cuda", "fp32")  # an old one would only emulate bf16
    torch.cuda.is_bf16_supported = lambda *, including_emulation: True
    assert chosen() == ("cuda", "bf16")


@pytest.mark.parametrize(
    ("capabilities", "precision"),
    [
        ({"avx512_f": True, "avx512_bf16": False, "amx_tile": True}, "fp32"),
        ({"avx512_bf16": True}, "bf16"),
        ({"avx512_bf16": False, "amx_bf16": True}, "bf16"),
        ({"neon": True, "bf16": True}, "bf16"),
        ({"neon": True, "bf16": False}, "fp32"),
    ],
)
def test_bf16_where_the_cpu_has_instructions_for_it(
    torch: Any, monkeypatch: pytest.MonkeyPatch, capabilities: dict[str, bool], precision: str
) -> None:
    torch.cpu.get_capabilities = lambda: capabilities
    assert chosen() == ("cpu", precision)
    monkeypatch.setattr("briefqa.encoders.hardware.platform.system", lambda: "Darwin")
    assert chosen() == ("cpu", "fp32")


def test_without_means_to_use_them_or_to_know(torch: Any) -> None:
    torch.cpu.get_capabilities = lambda: {"avx512_bf16": True}
    torch.backends.mkldnn.is_available = lambda: False
    assert chosen() == ("cpu", "fp32")
    torch.backends.mkldnn.is_available = lambda: True
    del torch.cpu.get_capabilities  # an older torch
    assert chosen() == ("cpu", "fp32")
