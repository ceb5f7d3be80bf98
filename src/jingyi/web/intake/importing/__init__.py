"""Files of messages from hotlines: which column is what, what each row says, what is refused."""
