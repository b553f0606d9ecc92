(function_definition name: (_) @name parameters: (_) @params) @def.function
(method_declaration name: (_) @name parameters: (_) @params) @def.method
(anonymous_function parameters: (_) @params) @def.function
(arrow_function parameters: (_) @params) @def.function
(assignment_expression left: (variable_name) @given right: (_) @to)
(class_declaration name: (_) @name) @def.class
(interface_declaration name: (_) @name) @def.class
(trait_declaration name: (_) @name) @def.class
(base_clause (_) @base)
(class_interface_clause (_) @base)
(use_declaration (_) @base)
(namespace_definition name: (_) @namespace)
(namespace_use_clause (qualified_name) @import.path)
(function_call_expression function: (_) @call.name arguments: (_) @args) @call
(member_call_expression object: (_) @call.receiver name: (_) @call.name arguments: (_) @args) @call
(nullsafe_member_call_expression object: (_) @call.receiver name: (_) @call.name arguments: (_) @args) @call
(scoped_call_expression scope: (_) @call.receiver name: (_) @call.name arguments: (_) @args) @call
(object_creation_expression [(name) (qualified_name)] @call.name (arguments)? @args) @call.new
(assignment_expression left: (variable_name) @bind.name right: (object_creation_expression (name) @bind.type))
(assignment_expression left: (member_access_expression name: (_) @bind.field) right: (object_creation_expression (name) @bind.type))
(simple_parameter type: (named_type (name) @bind.type) name: (_) @bind.name)
(property_declaration type: (named_type (name) @bind.type) (property_element name: (_) @bind.field))
(if_statement condition: (_) @test body: (_) @body alternative: (_)? @orelse) @stmt.if
(else_if_clause condition: (_) @test body: (_) @body) @stmt.if
(for_statement condition: (_)? @test body: (_) @body) @stmt.for
(foreach_statement . (_) @test body: (_) @body) @stmt.for
(while_statement condition: (_) @test body: (_) @body) @stmt.while
(do_statement body: (_) @body condition: (_) @test) @stmt.while
(try_statement body: (_) @body (catch_clause body: (_) @handlers)?) @stmt.try
(switch_statement condition: (_) @test body: (_) @body) @stmt.match
(return_statement) @stmt.return
(throw_expression) @stmt.raise
(break_statement) @stmt.break
(continue_statement) @stmt.continue
