"""What a case rests on: the days of its fact, and the statutes in force on them."""
