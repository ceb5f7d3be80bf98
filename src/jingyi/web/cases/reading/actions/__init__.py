"""What people, and the job that reads, do in the reading room."""
