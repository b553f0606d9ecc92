"""The small GPT: a network that can be read in one sitting, trained from an empty file.

An island: torch, the standard library, tokenizers and safetensors, nothing of the rooms. What it
learns from (texts, traced steps) is handed over by the hall.
"""
