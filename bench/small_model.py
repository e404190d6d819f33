"""Small code models for the CPU: programs, a tokenizer for each spelling, training; both kept in a folder for the next run."""

from __future__ import annotations

import ast
import copy
import hashlib
import json
import random
import re
import sys
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import torch
from inputs import package_files, sample, stdlib_files
from spellings import SPELLINGS, Spelling, with_codebook
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from slimgrammar.cli.files import write_atomically
from slimgrammar.compact.codebook.book import load as load_codebook
from slimgrammar.compact.codebook.mining import mine
from slimgrammar.constrain import cache
from slimgrammar.errors import SlimError
from slimgrammar.vocab import extend, load

END: Final = "<|end|>"
LONGEST: Final = 1500
# Texts are drawn at this one: models as small as these write few programs at a higher one.
TEMPERATURE: Final = 0.5
# Words with the character before them, runs of punctuation with the line ends after them: how the tokenizers of current code
# models cut a text before they merge.
PIECES: Final = r"[^\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+\n*|\s*\n|\s+(?!\S)|\s+"


@dataclass(frozen=True)
class Settings:
    """What a model is and how long it is trained.

    Attributes:
        content: "code", or "all" with comments and docstrings.
        vocabulary: entries of the tokenizer, symbols among them.
        width, layers, heads, context: the model's shape.
        batch: windows of `context` tokens a step.
        tokens: how many tokens a model is trained on, each seen once.
        rate: the learning rate.
    """

    content: str = "code"
    vocabulary: int = 8192
    width: int = 128
    layers: int = 4
    heads: int = 4
    context: int = 256
    batch: int = 2
    tokens: int = 320_000
    rate: float = 2e-3

    @property
    def steps(self) -> int:
        """Steps of training."""
        return self.tokens // (self.batch * self.context)


@dataclass(frozen=True)
class Corpus:
    """Programs to train on, and programs of other files."""

    train: list[str]
    held_out: list[str]


def default_folder() -> Path:
    """Where models are kept when the user names no place."""
    return cache.folder().parent / "models"


def programs(files: Iterable[Path]) -> Iterator[str]:
    """The functions and classes at the top of files, as written, of at most some dozen lines."""
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                body = ast.parse(text).body
        except (SyntaxError, ValueError):
            continue
        lines = text.splitlines(keepends=True)
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                source = "".join(lines[first - 1 : node.end_lineno])
                if len(source) < LONGEST:
                    yield source.rstrip("\n") + "\n"


def gather(*, megabytes: float = 8, held_out: float = 0.05) -> Corpus:
    """Programs of the standard library and of some megabytes of the fetched packages; equal ones count once."""
    files = [*stdlib_files(), *(sample(package_files(), megabytes=megabytes, seed=0) if megabytes else ())]
    random.Random(0).shuffle(files)
    cut = round(len(files) * held_out)
    seen: set[str] = set()
    parts: list[list[str]] = []
    for part in (files[:cut], files[cut:]):
        parts.append([])
        for source in programs(part):
            try:
                key = SPELLINGS["compact"].write(source, "code")
            except SlimError:
                continue
            if key not in seen:
                seen.add(key)
                parts[-1].append(source)
    return Corpus(parts[1], parts[0])


def train_tokenizer(texts: Sequence[str], spelling: Spelling, size: int) -> PreTrainedTokenizerFast:
    """Byte-level BPE of `size` entries, the spelling's symbols among them."""
    tokenizer = Tokenizer(models.BPE())
    cut = pre_tokenizers.Split(Regex(PIECES), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([cut, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=size - len(spelling.symbols), initial_alphabet=alphabet, special_tokens=[END], show_progress=False
    )
    # The symbols cut texts before anything is merged, in training as later.
    between = re.compile("|".join(map(re.escape, spelling.symbols)) or "(?!)")
    tokenizer.train_from_iterator((piece for text in texts for piece in between.split(text) if piece), trainer)
    found = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END, pad_token=END, padding_side="left")
    if spelling.symbols:
        extend(found, symbols=spelling.symbols)
    return found


@dataclass(frozen=True)
class Stream:
    """Token ids of texts with an end-of-text token before each and after the last, and where each text ends."""

    ids: torch.Tensor
    ends: list[int]


def stream(tokenizer: Any, texts: Sequence[str]) -> Stream:
    """The texts as one stream."""
    end = tokenizer.eos_token_id
    ids, ends = [end], []
    for encoded in tokenizer.backend_tokenizer.encode_batch(list(texts), add_special_tokens=False):
        ids += [*encoded.ids, end]
        ends.append(len(ids))
    return Stream(torch.tensor(ids), ends)


def new_model(tokenizer: Any, settings: Settings, *, seed: int = 0) -> LlamaForCausalLM:
    """A Llama with random weights."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=settings.width,
        intermediate_size=3 * settings.width,
        num_hidden_layers=settings.layers,
        num_attention_heads=settings.heads,
        max_position_embeddings=4 * settings.context,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.eos_token_id,
    )
    return LlamaForCausalLM(config)


def parameters(model: Any) -> int:
    """How many weights a model has, tied ones counted once."""
    return sum(weight.numel() for weight in model.parameters())


def flops(model: Any, tokens: int) -> float:
    """Floating-point operations of reading or writing a text of some tokens: two a weight and token, and attention."""
    layers, width = int(model.config.num_hidden_layers), int(model.config.hidden_size)
    return 2.0 * parameters(model) * tokens + 2.0 * layers * width * tokens * (tokens + 1)


def train(model: Any, ids: torch.Tensor, settings: Settings, *, marks: Iterable[int]) -> dict[int, Any]:
    """Train on a stream, each token once, at a constant rate.

    Args:
        model: is trained in place.
        ids: at least `settings.tokens` + 1 of them.
        settings: its steps, batches and rate.
        marks: steps after which a copy of the model is wanted.

    Returns:
        step → the model with the running average of its weights, which is what a falling rate would reach.

    Raises:
        ValueError: the stream is too short.
    """
    if len(ids) <= settings.tokens:
        raise ValueError(f"{len(ids)} tokens, where {settings.tokens} are to be trained on: gather more programs")
    optimizer = torch.optim.AdamW(model.parameters(), lr=settings.rate, weight_decay=0.05, betas=(0.9, 0.98))
    average = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.98))
    wanted, found, size = set(marks), {}, settings.batch * settings.context
    for step in range(settings.steps):
        optimizer.param_groups[0]["lr"] = settings.rate * min(1.0, (step + 1) / 50)
        window = ids[step * size : (step + 1) * size + 1]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(input_ids=window[:-1].view(settings.batch, -1), use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(logits.float().flatten(0, 1), window[1:])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        average.update_parameters(model)
        if step + 1 in wanted:
            found[step + 1] = copy.deepcopy(average.module).eval()
        if sys.stderr.isatty() and step % 20 == 0:
            print(f"\r  step {step} of {settings.steps}, loss {float(loss):.2f} ", end="", file=sys.stderr)
    return found


def digest(*parts: Any) -> str:
    """A short name for what a result follows from."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def save(made: Any, place: Path) -> None:
    """Save a tokenizer or a model into a folder, whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        made.save_pretrained(Path(folder, "made"))
        try:
            Path(folder, "made").rename(place)
        except OSError:
            if not place.exists():  # else another process was quicker
                raise


class Workshop:
    """Tokenizers and models of one corpus and one kind of model, made where the folder has none."""

    def __init__(self, corpus: Corpus, settings: Settings, folder: Path) -> None:
        self.corpus, self.settings, self.folder = corpus, settings, folder
        self._texts: dict[str, list[str]] = {}
        self._tokenizers: dict[str, Any] = {}

    def spelling(self, name: str) -> Spelling:
        """A spelling by its name, with its codebook, which is mined with the tokenizer of the spelling without one."""
        found = SPELLINGS[name]
        if not found.shorthands:
            return found
        plain = replace(found, name=found.name.partition(" + ")[0], shorthands=0)
        place = self.folder / f"codebook-{found.shorthands}-{self.name(plain)}.json"
        if not place.exists():
            vocab = load(self.tokenizer(plain))
            book = mine(self.texts(plain), vocab=vocab, dialect=plain.name, k=found.shorthands)
            write_atomically(place, book.to_json().encode(), parents=True)
        return with_codebook(found, load_codebook(place))

    def texts(self, spelling: Spelling) -> list[str]:
        """The programs to train on, in a spelling."""
        known = self._texts.get(spelling.name)
        if known is None:
            known = [spelling.write(source, self.settings.content) for source in self.corpus.train]
            self._texts[spelling.name] = known
        return known

    def name(self, spelling: Spelling) -> str:
        """The name of all that follows from a spelling of the corpus."""
        label = spelling.name.replace(" + ", "+").replace(" ", "-")
        return f"{label}-{digest(self.settings.content, self.settings.vocabulary, self.texts(spelling), PIECES)}"

    def tokenizer(self, spelling: Spelling) -> Any:
        """The spelling's tokenizer."""
        known = self._tokenizers.get(spelling.name)
        if known is None:
            place = self.folder / f"tokenizer-{self.name(spelling)}"
            if not place.exists():
                save(train_tokenizer(self.texts(spelling), spelling, self.settings.vocabulary), place)
            known = self._tokenizers[spelling.name] = PreTrainedTokenizerFast.from_pretrained(place)
        return known

    def order(self, seed: int) -> list[int]:
        """The order in which a seed's models see the programs, whatever the spelling."""
        numbers = list(range(len(self.corpus.train)))
        random.Random(seed).shuffle(numbers)
        return numbers

    def stream(self, spelling: Spelling, seed: int) -> Stream:
        """What a model is trained on."""
        texts = self.texts(spelling)
        return stream(self.tokenizer(spelling), [texts[number] for number in self.order(seed)])

    def models(self, spelling: Spelling, seed: int, marks: Iterable[int] = ()) -> dict[int, Any]:
        """The trained model after the last step and after each of `marks`, by step."""
        steps = sorted({*marks, self.settings.steps})
        place = self.folder / f"model-{self.name(spelling)}-{digest(asdict(self.settings), seed)}"
        if not all((place / str(step)).exists() for step in steps):
            model = new_model(self.tokenizer(spelling), self.settings, seed=seed)
            for step, trained in train(model, self.stream(spelling, seed).ids, self.settings, marks=steps).items():
                save(trained, place / str(step))
        return {step: LlamaForCausalLM.from_pretrained(place / str(step)).eval() for step in steps}
