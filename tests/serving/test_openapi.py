"""The API against its own description, by schemathesis: in short here, at length as docs/serving.md says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from briefqa.serving.limits import Limits
from briefqa.serving.openapi import openapi

if TYPE_CHECKING:
    from tests.serving.conftest import Connect

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
SHORT = settings(
    max_examples=15,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_what_is_told_is_as_described(connect: Connect) -> None:
    client = connect(limits=Limits(rate=0))
    described = schemathesis.openapi.from_dict(openapi())
    operations = [found.ok() for found in described.get_all_operations()]
    assert sorted(operation.path for operation in operations) == [
        "/answer", "/documents", "/documents/{id}", "/health", "/hits", "/openapi.json", "/status",
    ]  # fmt: skip
    seen: set[int] = set()
    for operation in operations:

        @SHORT
        @given(case=operation.as_strategy())
        def check(case: object) -> None:
            response = case.call(session=client, base_url="http://127.0.0.1:8617/api/v1")  # type: ignore[attr-defined]  # noqa: B023
            case.validate_response(response)  # type: ignore[attr-defined]
            seen.add(response.status_code)

        check()
    assert seen >= {200, 404}
    assert max(seen) < 500
