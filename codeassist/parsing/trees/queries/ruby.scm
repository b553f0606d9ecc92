(method name: (_) @name parameters: (_)? @params) @def.function
(singleton_method name: (_) @name parameters: (_)? @params) @def.function
(lambda parameters: (_)? @params) @def.function
(assignment left: (_) @given right: (lambda) @to)
(class name: (_) @name superclass: (superclass (_) @base)?) @def.class
(module name: (_) @name) @def.class
(call !receiver method: (_) @call.name arguments: (_)? @args) @call
(call receiver: (_) @call.receiver method: (_) @call.name arguments: (_)? @args) @call
(super) @call.super
(body_statement (identifier) @call.bare)
(then (identifier) @call.bare)
(assignment right: (identifier) @call.bare)
(assignment left: (identifier) @bind.name right: (call receiver: (constant) @bind.type method: (identifier) @_new (#eq? @_new "new")))
(assignment left: (instance_variable) @bind.field right: (call receiver: (constant) @bind.type method: (identifier) @_new (#eq? @_new "new")))
(if condition: (_) @test consequence: (_)? @body alternative: (_)? @orelse) @stmt.if
(elsif condition: (_) @test consequence: (_)? @body alternative: (_)? @orelse) @stmt.if
(unless condition: (_) @test consequence: (_)? @body alternative: (_)? @orelse) @stmt.if
(if_modifier body: (_) @body condition: (_) @test) @stmt.if
(unless_modifier body: (_) @body condition: (_) @test) @stmt.if
(while condition: (_) @test body: (_) @body) @stmt.while
(until condition: (_) @test body: (_) @body) @stmt.while
(for value: (_) @test body: (_) @body) @stmt.for
(call receiver: (_) @test method: (identifier) @_each block: (_ body: (_) @body) (#match? @_each "^(each|each_with_index|each_pair|times|upto|downto|step|map|select)$")) @stmt.for
(begin (rescue) @handlers) @stmt.try
(case value: (_)? @test) @stmt.match
(return) @stmt.return
(break) @stmt.break
(next) @stmt.continue
