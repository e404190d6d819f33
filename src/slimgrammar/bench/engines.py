"""Other mask engines on grammars of ours, each in a process of its own and maybe in another Python that has nothing of ours.

As a script it reads a job from standard input, lets one engine follow some texts, and prints a line of JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from slimgrammar.vocab import Vocabulary


class Measured(TypedDict):
    """What an engine did.

    Attributes:
        ready: seconds until it was ready.
        spent: of the processor, until then.
        times: seconds of each step of each text; a text ends where a true token is masked, and all where time is up.
        refused: texts in which a true token is masked.
        most: megabytes of its process, at most.
    """

    ready: float
    spent: float
    times: list[list[float]]
    refused: int
    most: float


# One step of a text: fill the mask, take the token; False where it is masked.
Step = Callable[[int], bool]
ENGINES = ("llguidance", "xgrammar", "syncode")
MOST_SECONDS = 3600.0


def run_peer(  # noqa: PLR0913 - the parts of a job
    python: str,
    engine: str,
    spec: str,
    vocab: Vocabulary,
    texts: list[list[int]],
    *,
    grammar: str = "json",
    seconds: float = MOST_SECONDS,
) -> Measured | str:
    """What an engine did with some texts, or why it did nothing.

    Args:
        python: the interpreter that has the engine.
        engine: one of `ENGINES`.
        spec: what `slim.vocab.load` took; an engine that wants a Hugging Face tokenizer needs a folder here.
        vocab: the vocabulary.
        texts: token ids of each text.
        grammar: a grammar of ours that can be exported; syncode has its own for JSON, and knows no other.
        seconds: how long it may follow texts, and twice that with all that comes before.
    """
    from slimgrammar.constrain.export import export
    from slimgrammar.constrain.rows import token_bytes

    if engine == "syncode" and grammar != "json":
        return f"has no grammar of {grammar} texts"
    job = {
        "engine": engine,
        "folder": spec,
        "grammar": {to: export(grammar, to) for to in ("lark", "gbnf")},
        "vocabulary": [token.decode("latin-1") for token in token_bytes(vocab)],
        "texts": texts,
        "seconds": seconds,
    }
    try:
        done = subprocess.run(
            [python, __file__], input=json.dumps(job), capture_output=True, text=True, timeout=2 * seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return f"not done within {2 * seconds:.0f} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1]
    found: Measured = json.loads(done.stdout)
    return found


def llguidance_steps(job: dict[str, Any]) -> Callable[[], Step]:
    """llguidance on our grammar."""
    import llguidance
    from llguidance.numpy import allocate_token_bitmask, fill_next_token_bitmask

    tokens = [token.encode("latin-1") for token in job["vocabulary"]]
    tokenizer = llguidance.LLTokenizer(llguidance.TokenizerWrapper(_Tokens(tokens)))
    grammar = llguidance.grammar_from("lark", job["grammar"]["lark"])
    words = allocate_token_bitmask(1, len(tokens))
    # Its own limits stop it at the first mask of a grammar like `slim`.
    limits = llguidance.LLParserLimits(step_max_items=10**7, max_items_in_row=10**5, max_lexer_states=10**6)

    def begin() -> Step:
        matcher = llguidance.LLMatcher(tokenizer, grammar, limits=limits)

        def step(token: int) -> bool:
            fill_next_token_bitmask(matcher, words)
            return bool(int(words[0, token // 32]) >> token % 32 & 1) and bool(matcher.consume_token(token))

        return step

    return begin


def xgrammar_steps(job: dict[str, Any]) -> Callable[[], Step]:
    """xgrammar on our grammar."""
    import xgrammar

    tokens = [token.encode("latin-1") for token in job["vocabulary"]]
    info = xgrammar.TokenizerInfo(tokens, stop_token_ids=[len(tokens) - 1])
    compiled = xgrammar.GrammarCompiler(info).compile_grammar(xgrammar.Grammar.from_ebnf(job["grammar"]["gbnf"]))
    words = xgrammar.allocate_token_bitmask(1, len(tokens))

    def begin() -> Step:
        matcher = xgrammar.GrammarMatcher(compiled)

        def step(token: int) -> bool:
            matcher.fill_next_token_bitmask(words)
            return bool(int(words[0, token // 32]) >> token % 32 & 1) and bool(matcher.accept_token(token))

        return step

    return begin


def syncode_steps(job: dict[str, Any]) -> Callable[[], Step]:
    """syncode on its own JSON grammar, which its mask store is made for."""
    import torch
    from syncode.grammar_mask.logits_processor import SyncodeLogitsProcessor
    from syncode.parsers.grammars import Grammar
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(job["folder"], local_files_only=True)
    processor = SyncodeLogitsProcessor(Grammar("json"), tokenizer, use_cache=False, mode="grammar_strict")

    def begin() -> Step:
        processor.reset()
        taken: list[int] = []

        def step(token: int) -> bool:
            scores = processor(torch.tensor([taken], dtype=torch.long), torch.zeros(1, len(job["vocabulary"])))
            taken.append(token)
            return bool(torch.isfinite(scores[0, token]))

        return step

    return begin


def peak_megabytes() -> float:
    """The most memory that this process has had, in units of 2²⁰ bytes; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


class _Tokens:
    """What llguidance asks of a tokenizer."""

    bos_token_id = None

    def __init__(self, tokens: list[bytes]) -> None:
        self.tokens = [spelling or f"<unused {token}>".encode() for token, spelling in enumerate(tokens)]
        self.eos_token_id = len(tokens) - 1
        self.special_token_ids = [self.eos_token_id]
        self._numbers = {token: number for number, token in enumerate(tokens)}

    def __call__(self, text: bytes | str, **_: Any) -> list[int]:
        return [self._numbers[bytes((byte,))] for byte in (text.encode() if isinstance(text, str) else text)]


def main() -> int:
    """Do the job on standard input."""
    job = json.load(sys.stdin)
    prepare = {"llguidance": llguidance_steps, "xgrammar": xgrammar_steps, "syncode": syncode_steps}[job["engine"]]
    start, spent = time.perf_counter(), time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        begin = prepare(job)
        ready, spent = time.perf_counter() - start, time.process_time() - spent
        times: list[list[float]] = []
        refused, until = 0, time.perf_counter() + job["seconds"]
        for tokens in job["texts"]:
            if time.perf_counter() > until:
                break
            times.append([])
            refused += not _follow(begin(), tokens, times[-1], until)
    print(json.dumps({"ready": ready, "spent": spent, "times": times, "refused": refused, "most": peak_megabytes()}))
    return 0


def _follow(step: Step, tokens: list[int], times: list[float], until: float) -> bool:
    for token in tokens:
        start = time.perf_counter()
        if start > until:
            break
        fine = step(token)
        times.append(time.perf_counter() - start)
        if not fine:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
