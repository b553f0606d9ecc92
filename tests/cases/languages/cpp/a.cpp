#include <vector>
namespace geo {
class Base { public: virtual void draw() { log(); } void log() {} };
class Box : public Base {
 public:
  Box(int w) : w_(w) {}
  void draw() override;
  int area() const { return w_ * w_; }
 private:
  int w_;
};
void Box::draw() { Base::draw(); area(); }
int sum(int a) { return a; }
int sum(int a, int b) { return a + b; }
}
int main() {
  geo::Box b(3);
  b.draw();
  geo::Box* p = new geo::Box(2);
  p->area();
  auto f = [](int x) { return geo::sum(x); };
  for (auto x : std::vector<int>{1,2}) { f(x); geo::sum(x, x); }
  try { throw 1; } catch (int e) { return e; }
}
