class Logger { func write(_ x: Int) { print(x) } }
class Base { func check() {} }
class Stack: Base {
  let log = Logger()
  init(n: Int) { super.init() }
  func push(_ x: Int) { log.write(x); check(); self.size() }
  func size() -> Int { return 3 }
}
func fact(_ n: Int) -> Int { if n == 0 { return 1 } else { return n * fact(n - 1) } }
let s = Stack(n: 1)
s.push(1)
for i in 0..<3 { while i > 2 { fact(i) } }
