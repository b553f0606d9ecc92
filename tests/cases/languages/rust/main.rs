mod util;
use util::{sort, swap as sw};
use std::collections::HashMap;

/// A stack.
struct Stack { items: Vec<i32>, log: Logger }
struct Logger;
impl Logger { fn write(&self, x: i32) { println!("{}", x); } }
trait Draw { fn draw(&self); fn twice(&self) { self.draw(); self.draw(); } }
impl Stack {
    fn new() -> Self { Stack { items: vec![], log: Logger } }
    fn push(&mut self, x: i32) { self.items.push(x); self.check(); self.log.write(x); }
    fn check(&self) {}
}
impl Draw for Stack { fn draw(&self) { self.check() } }
fn main() {
    let mut s = Stack::new();
    s.push(1);
    s.twice();
    sort(&mut s); sw(1);
    util::extra();
    for i in 0..3 { while i > 2 { loop { break; } } }
    if s.items.len() > 1 { main(); } else { fact(3); }
    let f = |x| fact(x);
    f(1);
    match 3 { 1 => fact(1), _ => fact(2) };
}
fn fact(n: u32) -> u32 { if n == 0 { return 1; } n * fact(n - 1) }
