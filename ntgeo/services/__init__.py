"""The verbs: each file joins siblings to do one thing a user asks for."""
