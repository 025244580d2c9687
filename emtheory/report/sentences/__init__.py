"""All prose for people: findings, analyses and fixed points in words, in the terminal and in documents."""
