package shapes;
import java.util.List;
import java.util.ArrayList;

/** A shape. */
public abstract class Shape {
  protected String name;
  Shape(String name) { this.name = name; }
  abstract double area();
  String describe() { return label() + area(); }
  private String label() { return name; }
}
