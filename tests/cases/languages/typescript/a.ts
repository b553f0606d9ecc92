import { Logger } from './log';
import type { Shape } from './log';
interface Visitor { visit(n: number): void; }
export class Stack<T> extends Base implements Visitor {
  private log: Logger;
  constructor(private readonly other: Logger, log: Logger) { super(); this.log = log; }
  visit(n: number): void { this.log.write(n); this.other.write(n); }
  static make<U>(): Stack<U> { return new Stack<U>(null!, null!); }
  handler = (x: number) => { this.visit(x); };
}
class Base { constructor() { this.init(); } init() {} }
export default function run(s: Stack<number>) { s.visit(1); Stack.make(); const f = async (a: number) => { await run(s); }; f(1); }
