"""Tables, charts, pages and exports of plans."""
