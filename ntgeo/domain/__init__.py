"""The nouns: frozen, checked on construction, without files, clocks or chance."""
