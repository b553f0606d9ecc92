import helper, { sort as order } from './util';
const { readFile } = require('fs');

/** Adds two numbers. */
function add(a, b) { return a + b; }

class Stack extends Base {
  constructor() { super(); this.items = []; this.log = new Logger(); }
  push(x) { this.items.push(x); this.check(); this.log.write(x); return this; }
  check() { for (const i of this.items) { if (i > 3) { helper(i); } else { order(i); } } }
}
class Logger { write(x) { console.log(x); } }
const twice = (f, x) => f(f(x));
function main() {
  const s = new Stack();
  s.push(1).push(2);
  let n = 0;
  while (n < 10) { n = add(n, 1); if (n == 5) break; }
  [1,2].map(x => twice(y => add(y, 1), x));
  switch (n) { case 1: add(1, 2); break; default: main(); }
  try { main(); } catch (e) { helper(e); } finally { add(0, 0); }
}
