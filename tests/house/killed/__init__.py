"""What is owed to every job, and what has to be there once its worker was killed and another did the rest."""
