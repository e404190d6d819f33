"""The model that reads pruned functions gives chances, and can point at what it has read."""

from __future__ import annotations

import torch
from prune_surprise import SETTINGS, Pointing
from small_model import new_model


class Tokens:
    """As much of a tokenizer as a model is made from."""

    eos_token_id = 0

    def __len__(self) -> int:
        return 64


def test_a_pointing_model_gives_chances_and_points_at_what_it_read() -> None:
    model = Pointing(new_model(Tokens(), SETTINGS))
    torch.nn.init.constant_(model.drawn.bias, -20.0)  # never draws from the vocabulary
    read = torch.tensor([[7, 9, 7, 11]])
    with torch.inference_mode():
        chances = model(input_ids=read, use_cache=False).logits.exp()[0]
    assert torch.allclose(chances.sum(dim=1), torch.ones(4), atol=1e-3)
    for place in range(4):
        likely = {token for token in range(64) if chances[place, token] > 1e-3}
        assert likely <= set(read[0, : place + 1].tolist()), "nothing that comes later"
