(method_declaration name: (_) @name parameters: (_) @params) @def.method
(constructor_declaration name: (_) @name parameters: (_) @params) @def.method
(local_function_statement name: (_) @name parameters: (_) @params) @def.function
(property_declaration name: (_) @name accessors: (_)) @def.property
(lambda_expression parameters: (_) @params) @def.function
(class_declaration name: (_) @name) @def.class
(struct_declaration name: (_) @name) @def.class
(interface_declaration name: (_) @name) @def.class
(record_declaration name: (_) @name) @def.class
(base_list (_) @base)
(namespace_declaration name: (_) @namespace)
(file_scoped_namespace_declaration name: (_) @namespace)
(using_directive (_) @import.namespace)
(invocation_expression function: (identifier) @call.name arguments: (_) @args) @call
(invocation_expression function: (generic_name (identifier) @call.name) arguments: (_) @args) @call
(invocation_expression function: (member_access_expression expression: (_) @call.receiver name: [(identifier) @call.name (generic_name (identifier) @call.name)]) arguments: (_) @args) @call
(object_creation_expression type: (_) @call.name arguments: (_)? @args) @call.new
(constructor_initializer (argument_list) @args) @call.base
(variable_declaration type: (_) @bind.type (variable_declarator name: (_) @bind.name))
(variable_declaration (variable_declarator name: (_) @bind.name (object_creation_expression type: (_) @bind.type)))
(field_declaration (variable_declaration type: (_) @bind.type (variable_declarator name: (_) @bind.field)))
(property_declaration type: (_) @bind.type name: (_) @bind.field)
(parameter type: (_) @bind.type name: (_) @bind.name)
(if_statement condition: (_) @test consequence: (_) @body alternative: (_)? @orelse) @stmt.if
(for_statement condition: (_)? @test body: (_) @body) @stmt.for
(foreach_statement right: (_) @test body: (_) @body) @stmt.for
(while_statement condition: (_) @test body: (_) @body) @stmt.while
(do_statement body: (_) @body condition: (_) @test) @stmt.while
(try_statement body: (_) @body (catch_clause body: (_) @handlers)? (finally_clause (block) @finalbody)?) @stmt.try
(switch_statement value: (_) @test body: (_) @body) @stmt.match
(return_statement) @stmt.return
(throw_statement) @stmt.raise
(break_statement) @stmt.break
(continue_statement) @stmt.continue
