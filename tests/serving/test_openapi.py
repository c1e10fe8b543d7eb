"""The API against its own description, by schemathesis: in short here, at length as docs/serving.md says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from briefqa.cli.lazy import load
from briefqa.serving.openapi import openapi
from tests.serving.served import serving
from tests.test_architecture import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Build

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
checks = pytest.importorskip("schemathesis.specs.openapi.checks")
SHORT = settings(
    max_examples=15,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_what_is_told_is_as_described(build: Build, articles: Path) -> None:
    build()
    described = schemathesis.openapi.from_dict(openapi())
    operations = [found.ok() for found in described.get_all_operations()]
    assert sorted(operation.path for operation in operations) == [
        "/answer", "/documents", "/documents/{id}", "/health", "/hits", "/openapi.json", "/status",
    ]  # fmt: skip
    seen: set[int] = set()
    with serving(articles.parent, "--rate", "0") as served:
        for operation in operations:
            plain = not (operation.query or operation.path_parameters)  # all that is made for it is the same

            @settings(SHORT, max_examples=1 if plain else SHORT.max_examples)
            @given(case=operation.as_strategy())
            def check(case: Any) -> None:
                case.query.pop("retriever", None)  # the process has no encoder: it finds by words alone
                response = case.call(base_url=f"{served.url}api/v1")
                # A span of time that ends before it begins fits the description, and is refused.
                refused = response.status_code == 400 and b"No date is" in response.content
                case.validate_response(response, excluded_checks=[checks.positive_data_acceptance] if refused else [])
                seen.add(response.status_code)

            check()
        assert served.stop() == (0, "")
    assert seen >= {200, 404}
    assert max(seen) < 500


def test_the_documentation_names_all_of_it() -> None:
    text = (ROOT.parent / "docs" / "serving.md").read_text(encoding="utf-8")
    described = openapi()
    for path, operation in described["paths"].items():
        assert f"`{path[1:].replace('{id}', 'ID')}`" in text or f"/api/v1{path}`" in text, path
        for parameter in operation["get"]["parameters"]:
            name = parameter["name"]
            assert parameter["in"] == "path" or f"`{name}`" in text or f"`{name}=true`" in text, name
    for code in described["paths"]["/answer"]["get"]["responses"]:
        assert re.search(rf"^\| (\d+, )*{code}[ ,]", text, re.MULTILINE) or code == "200", code
    for option in load("serve").params:
        assert f"`{option.opts[0]}`" in text or option.name == "help", option.opts
