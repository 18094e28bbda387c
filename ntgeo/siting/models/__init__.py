"""Formulations that OR-Tools solves."""
