"""The synthetic borough: streets, areas, people, records and visits, from one seed."""
