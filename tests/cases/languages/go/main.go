package main

import (
	"fmt"
	"example.com/app/store"
)

// Stack holds ints.
type Stack struct { items []int; log *Logger }
type Logger struct{}
type Named struct { Stack }

func (l *Logger) Write(s string) { fmt.Println(s) }
// Push adds x.
func (s *Stack) Push(x int) { s.items = append(s.items, x); s.log.Write("x"); s.check() }
func (s *Stack) check() {}
func NewStack() *Stack { return &Stack{} }
func helper(a, b int) int { return a + b }
func main() {
	s := &Stack{}
	s.Push(1)
	n := Named{}
	n.Push(2)
	for i := 0; i < 3; i++ { for _, v := range s.items { helper(i, v) } }
	for { break }
	if x := helper(1, 2); x > 2 { store.Save(x) } else if x < 0 { main() } else { helper(1,1) }
	f := func(a int) int { return helper(a, a) }
	f(2)
	switch { case true: helper(0, 0) }
}
