<?php
namespace App;
class Stack extends Base {
  private Logger $log;
  function __construct() { parent::__construct(); $this->log = new Logger(); }
  function push($x) { $this->check(); $this->log->write($x); self::make(); }
  function check() {}
  static function make() { return new Stack(); }
}
class Base { function __construct() {} }
class Logger { function write($x) { echo $x; } }
function fact($n) { if ($n == 0) { return 1; } return $n * fact($n - 1); }
$s = new Stack();
$s->push(1);
Stack::make();
foreach ([1] as $x) { while ($x) { fact($x); } }
$f = function($a) { return fact($a); };
$f(2);
