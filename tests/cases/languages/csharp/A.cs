using System;
using App.Util;
namespace App {
  /// <summary>A stack.</summary>
  public class Stack : Base {
    private Logger log = new Logger();
    public int Count { get { return Size(); } }
    public Stack() : base(1) { Push(1); }
    public void Push(int x) { log.Write(x); this.Check(); base.Check(); Helper.Run(x); }
    public new void Check() { }
    int Size() => 3;
  }
  public class Base { public Base(int x) {} public void Check() { } }
  class Program {
    static void Main(string[] args) {
      var s = new Stack();
      s.Push(2);
      foreach (var a in args) { for (int i = 0; i < 3; i++) { Fact(i); } }
      if (args.Length > 0) { Fact(1); } else { Console.WriteLine("x"); }
      int Local(int q) { return Fact(q); }
      Local(1);
    }
    static int Fact(int n) { return n == 0 ? 1 : n * Fact(n - 1); }
  }
}
