"""The server, by the Model Context Protocol's own Python SDK: it declares the tools and resources, and calls them."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from briefqa import __version__
from briefqa.agents import resources
from briefqa.agents.tools import INSTRUCTIONS, TOOLS, UNTRUSTED
from briefqa.errors import BriefqaError, UsageError
from briefqa.extras import extra
from briefqa.rendering.escape import safe
from briefqa.rendering.schemas import load_schema

with extra("mcp"):
    import anyio
    import mcp_types as types
    from mcp.server.lowlevel import Server
    from mcp.shared.exceptions import MCPError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mcp.server.context import ServerRequestContext

    from briefqa.agents.calls import Outcome
    from briefqa.agents.library import Library
    from briefqa.agents.tools import Tool
    from briefqa.types import Document

T = TypeVar("T")
_READS = types.ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_BROKEN = "Something went wrong inside of briefqa. Its log on stderr says what."
_LOG = logging.getLogger(__name__)


def make_server(library: Library) -> Server[Any]:
    """A server that reads the library, for any of the SDK's transports."""

    async def list_tools(_: ServerRequestContext[Any], __: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_declared(tool) for tool in TOOLS.values()])

    async def call_tool(_: ServerRequestContext[Any], call: types.CallToolRequestParams) -> types.CallToolResult:
        tool = TOOLS.get(call.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"There is no tool {call.name[:80]!r}. There are: {', '.join(TOOLS)}.")
        try:
            outcome = await _in_thread(partial(_called, tool, library, call.arguments or {}))
        except BriefqaError as error:
            return _failed(str(error))
        except Exception:
            _LOG.exception("the tool %s", call.name)
            return _failed(_BROKEN)
        return types.CallToolResult(
            content=[types.TextContent(text=outcome.text)], structured_content=outcome.data, is_error=False
        )

    async def list_resources(
        _: ServerRequestContext[Any], page: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        found, following = await _asked(partial(resources.list_page, library, page.cursor if page else None))
        return types.ListResourcesResult(resources=[_resource(document) for document in found], next_cursor=following)

    async def list_templates(_: ServerRequestContext[Any], __: Any) -> types.ListResourceTemplatesResult:
        template = types.ResourceTemplate(
            name="document",
            title="An article",
            uri_template=resources.TEMPLATE,
            description=f"The text of an article, by its document id. {UNTRUSTED}",
            mime_type="text/plain",
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read_resource(
        _: ServerRequestContext[Any], wanted: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        document = await _asked(partial(resources.read, library, wanted.uri))
        text = types.TextResourceContents(uri=wanted.uri, mime_type="text/plain", text=document.text)
        return types.ReadResourceResult(contents=[text])

    return Server(
        "briefqa",
        title="briefqa",
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )


async def _in_thread(call: Callable[[], T]) -> T:
    """So that pings and cancellations are heard meanwhile."""
    return await anyio.to_thread.run_sync(call)


async def _asked(call: Callable[[], T]) -> T:
    try:
        return await _in_thread(call)
    except UsageError as error:
        raise MCPError(types.INVALID_PARAMS, str(error)) from None
    except BriefqaError as error:
        raise MCPError(types.INTERNAL_ERROR, str(error)) from None
    except Exception:
        _LOG.exception("a resource")
        raise MCPError(types.INTERNAL_ERROR, _BROKEN) from None


def _called(tool: Tool, library: Library, arguments: dict[str, Any]) -> Outcome:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - not before the first call

    from briefqa.agents.calls import CALLS  # noqa: PLC0415

    wrong = next(iter(Draft202012Validator(tool.input_schema).iter_errors(arguments)), None)
    if wrong is not None:
        where = ".".join(map(str, wrong.absolute_path))
        raise UsageError(f"{where}: {wrong.message[:300]}" if where else wrong.message[:300])
    # To JSON Schema 2.0 is an integer, and some clients write all numbers so.
    whole = {name: int(value) if isinstance(value, float) else value for name, value in arguments.items()}
    return CALLS[tool.name](library, whole)


def _failed(message: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=safe(message))], is_error=True)


def _declared(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema,
        output_schema=_output_schema(tool.schema),
        annotations=_READS,
    )


def _output_schema(name: str) -> dict[str, Any]:
    """The schema without the keys that name its dialect and itself: clients that know an older dialect by heart refuse
    to look at one that names another, and every keyword in it means the same in both."""
    return {key: value for key, value in load_schema(name).items() if key not in ("$schema", "$id")}


def _resource(document: Document) -> types.Resource:
    about = " · ".join(part for part in (document.source, document.published, document.url) if part)
    return types.Resource(
        uri=f"{resources.SCHEME}{document.id}",
        name=document.path,
        title=document.title,
        description=about or None,
        mime_type="text/plain",
        size=len(document.text.encode("utf-8", "surrogatepass")),
    )
