(function_declaration name: (_) @name (function_value_parameters) @params) @def.function
(lambda_literal) @def.function
(anonymous_function (function_value_parameters) @params) @def.function
(class_declaration name: (_) @name) @def.class
(object_declaration name: (_) @name) @def.class
(delegation_specifier (constructor_invocation (user_type (identifier) @base)))
(delegation_specifier (user_type (identifier) @base))
(package_header (_) @namespace)
(import (qualified_identifier) @import.path)
(call_expression . (identifier) @call.name (value_arguments)? @args) @call
(call_expression . (navigation_expression . (_) @call.receiver (identifier) @call.name .) (value_arguments)? @args) @call
(property_declaration (variable_declaration (identifier) @bind.name (user_type (identifier) @bind.type)))
(property_declaration (variable_declaration (identifier) @bind.name) (call_expression . (identifier) @bind.type))
(parameter (identifier) @bind.name (user_type (identifier) @bind.type))
(class_parameter (identifier) @bind.field (user_type (identifier) @bind.type))
(if_expression condition: (_) @test . (_) @body (_)? @orelse) @stmt.if
(for_statement (_) @test (block) @body) @stmt.for
(while_statement condition: (_) @test (block)? @body) @stmt.while
(do_while_statement (block)? @body condition: (_) @test) @stmt.while
(when_expression) @stmt.match
(try_expression (block) @body) @stmt.try
(return_expression) @stmt.return
