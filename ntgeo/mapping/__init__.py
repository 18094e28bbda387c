"""Draws plans with Folium; the only room that knows it."""
