from shapes import Circle
Circle().area()
