"""What is asked of a network: times, nearest places, reach, catchments, ways."""
