"""A model made ready to encode many passages fast: in bf16 if wanted, its weights laid out as the CPU reads them."""

from __future__ import annotations

import copy
import platform
from typing import TYPE_CHECKING, Any

import torch
from sentence_transformers.sentence_transformer.modules import Transformer

from briefqa.encoders.hardware import BF16

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Rows of the matrices that a layout is chosen for: about a batch of passages.
_ROWS = 2048


def ready(model: SentenceTransformer, precision: str) -> SentenceTransformer:
    """A copy of `model`, which stays as it is, to encode with; or the model, if there is nothing to change.

    Only the transformer is turned to bf16: what follows it, pooling above all, adds up many numbers and works on its
    output as fp32.
    """
    packs = model.device.type == "cpu" and platform.machine().lower() in ("x86_64", "amd64")
    if precision != BF16 and not packs:
        return model.eval()
    running = copy.deepcopy(model).eval()
    if precision == BF16:
        running[0].to(torch.bfloat16)
        running[0].register_forward_hook(_in_full)
    if packs:
        _pack(running)
    return running


def can_reduce(model: SentenceTransformer) -> bool:
    """Whether `model` can run in bf16."""
    return isinstance(model[0], Transformer)


def _in_full(_: torch.nn.Module, __: object, output: dict[str, Any]) -> dict[str, Any]:
    """What the transformer gives, as fp32."""
    return {
        name: value.float() if isinstance(value, torch.Tensor) and value.is_floating_point() else value
        for name, value in output.items()
    }


class _Packed(torch.nn.Module):
    """A linear layer whose weights lie in oneDNN's blocks: the library would lay them out anew for each batch."""

    def __init__(self, layer: torch.nn.Linear) -> None:
        super().__init__()
        self.weights = torch.ops.mkldnn._reorder_linear_weight(layer.weight.detach(), _ROWS)
        self.bias = None if layer.bias is None else layer.bias.detach()

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = torch.ops.mkldnn._linear_pointwise(rows, self.weights, self.bias, "none", [], "")
        return found


def _pack(module: torch.nn.Module) -> None:
    """Put packed layers in place of the linear ones, where this torch can."""
    for name, part in module.named_children():
        if type(part) is not torch.nn.Linear:
            _pack(part)
            continue
        try:
            setattr(module, name, _Packed(part))
        except (AttributeError, NotImplementedError, RuntimeError):  # its compiler's operators, not promised to anyone
            return
