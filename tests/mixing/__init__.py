"""What people hand in, mixed at random from what has gone wrong for somebody: each case knows what is true of it."""
