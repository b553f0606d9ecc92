package store

func write(x int) {}
