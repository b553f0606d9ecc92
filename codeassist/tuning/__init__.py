"""An island: tuning and alignment of Hugging Face models by Trainer, peft and TRL."""
