require_relative 'util'
# A stack.
class Stack < Base
  def initialize
    super
    @items = []
    @log = Logger.new
  end
  def push(x)
    @items.push(x)
    check
    @log.write(x)
    self.check
  end
  def check; end
  def self.build
    new
  end
end
class Logger
  def write(x)
    puts x
  end
end
class Base
  def initialize; end
end
def fact(n)
  return 1 if n == 0
  n * fact(n - 1)
end
s = Stack.new
s.push(1)
Stack.build
[1, 2].each { |x| fact(x) }
while false
  helper(1)
end
