"""LangChain: documents with the code in them in fewer tokens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from slimgrammar.errors import MissingExtra
from slimgrammar.pipeline.integrations.base import PromptOptions

try:
    from langchain_core.documents import BaseDocumentCompressor, BaseDocumentTransformer, Document
    from pydantic import Field
except ImportError:
    raise MissingExtra("langchain", "langchain") from None


class SlimDocuments(BaseDocumentCompressor, BaseDocumentTransformer):
    """Makes documents smaller, as a compressor behind a retriever or as a transformer.

    A document is taken for what a tool has read from the file that its metadata name: a program as a whole, or prose with code
    in fences. Over budget, code is pruned, what has least to do with the query first.

    Attributes:
        options: how the texts are made smaller; `max_tokens` is for all documents together, `roles` does not matter.
        source_key: where a document's metadata name its file.
    """

    options: PromptOptions = Field(default_factory=PromptOptions)
    source_key: str = "source"

    def compress_documents(self, documents: Sequence[Document], query: str, callbacks: Any = None) -> Sequence[Document]:
        """The documents, in order; those where nothing changed are the very same objects."""
        calls = [_call(number, document.metadata.get(self.source_key)) for number, document in enumerate(documents)]
        frame = [{"role": "assistant", "content": "", "tool_calls": calls}, {"role": "user", "content": query}]
        results = [
            {"role": "tool", "tool_call_id": call["id"], "content": document.page_content}
            for call, document in zip(calls, documents, strict=True)
        ]
        made = self._options(frame).compress([*frame, *results]).messages[len(frame) :]
        pairs = zip(documents, results, made, strict=True)
        return [old if new is before else _with_content(old, new["content"]) for old, before, new in pairs]

    def transform_documents(self, documents: Sequence[Document], **kwargs: Any) -> Sequence[Document]:
        """`compress_documents` without a query."""
        return self.compress_documents(documents, "")

    def _options(self, frame: list[Any]) -> PromptOptions:
        """The options for a conversation that holds the documents, where what is around them does not count."""
        chosen = replace(self.options, roles=("tool",))
        if chosen.max_tokens is None:
            return chosen
        around = replace(chosen, max_tokens=None).compress(frame).tokens_before
        return replace(chosen, max_tokens=chosen.max_tokens + around)


def _call(number: int, source: object) -> dict[str, Any]:
    """A tool call that the document is the result of."""
    return {"id": str(number), "function": {"name": "read", "arguments": json.dumps({"path": str(source or "")})}}


def _with_content(document: Document, content: str) -> Document:
    return document.model_copy(update={"page_content": content})
