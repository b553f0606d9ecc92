package app
class Logger { fun write(x: Int) { println(x) } }
open class Base { open fun check() {} }
class Stack(val log: Logger) : Base() {
  fun push(x: Int) { log.write(x); check(); this.size() }
  fun size(): Int = 3
}
fun fact(n: Int): Int { if (n == 0) { return 1 } else { return n * fact(n - 1) } }
fun main() {
  val s = Stack(Logger())
  s.push(1)
  for (i in 0..3) { while (i > 2) { fact(i) } }
  listOf(1).map { fact(it) }
}
