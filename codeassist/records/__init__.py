"""The nouns that every room shares: frozen records and Protocols, standard library only, no I/O."""
