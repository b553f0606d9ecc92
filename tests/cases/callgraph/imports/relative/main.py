import pkg.sub.deep
pkg.sub.deep.go()
