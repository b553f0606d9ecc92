package store

func Save(x int) { write(x) }
