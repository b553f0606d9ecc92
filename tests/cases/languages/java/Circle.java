package shapes;
import java.util.ArrayList;
public class Circle extends Shape {
  private final Helper helper = new Helper();
  double r;
  Circle(double r) { super("circle"); this.r = r; }
  double area() { return helper.square(r) * 3; }
  static Circle unit() { return new Circle(1); }
  void grow() { grow(2); }
  void grow(int by) { for (int i = 0; i < by; i++) { for (int j = 0; j < by; j++) { r += helper.square(j); } } describe(); }
}
class Helper { double square(double x) { return x * x; } }
class Main {
  public static void main(String[] args) {
    Circle c = Circle.unit();
    c.grow();
    List<Shape> all = new ArrayList<>();
    all.add(c);
    all.forEach(s -> System.out.println(s.describe()));
    if (args.length > 0) { main(args); } else if (args.length == 0) { System.exit(0); }
  }
}
