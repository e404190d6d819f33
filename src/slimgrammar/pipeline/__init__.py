"""Code on its way to a model: datasets before training, prompts in front of one."""
