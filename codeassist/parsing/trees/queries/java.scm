(method_declaration name: (_) @name parameters: (_) @params) @def.method
(constructor_declaration name: (_) @name parameters: (_) @params) @def.method
(compact_constructor_declaration name: (_) @name) @def.method
(lambda_expression parameters: (_) @params) @def.function
(class_declaration name: (_) @name) @def.class
(interface_declaration name: (_) @name) @def.class
(enum_declaration name: (_) @name) @def.class
(record_declaration name: (_) @name) @def.class
(superclass (_) @base)
(super_interfaces (type_list (_) @base))
(extends_interfaces (type_list (_) @base))
(method_invocation !object name: (_) @call.name arguments: (_) @args) @call
(method_invocation object: (_) @call.receiver name: (_) @call.name arguments: (_) @args) @call
(object_creation_expression type: (_) @call.name arguments: (_) @args) @call.new
(explicit_constructor_invocation constructor: (_) @call.name arguments: (_) @args) @call
(method_reference . (_) @call.receiver "::" (identifier) @call.name) @call
(import_declaration (scoped_identifier) @import.path)
(package_declaration (_) @namespace)
(local_variable_declaration type: (_) @bind.type declarator: (variable_declarator name: (_) @bind.name))
(formal_parameter type: (_) @bind.type name: (_) @bind.name)
(enhanced_for_statement type: (_) @bind.type name: (_) @bind.name)
(field_declaration type: (_) @bind.type declarator: (variable_declarator name: (_) @bind.field))
(variable_declarator name: (_) @bind.name value: (object_creation_expression type: (_) @bind.type))
(if_statement condition: (_) @test consequence: (_) @body alternative: (_)? @orelse) @stmt.if
(for_statement condition: (_)? @test body: (_) @body) @stmt.for
(enhanced_for_statement value: (_) @test body: (_) @body) @stmt.for
(while_statement condition: (_) @test body: (_) @body) @stmt.while
(do_statement body: (_) @body condition: (_) @test) @stmt.while
(try_statement body: (_) @body (catch_clause body: (_) @handlers)? (finally_clause (block) @finalbody)?) @stmt.try
(try_with_resources_statement body: (_) @body) @stmt.try
(switch_expression condition: (_) @test body: (_) @body) @stmt.match
(return_statement) @stmt.return
(throw_statement) @stmt.raise
(break_statement) @stmt.break
(continue_statement) @stmt.continue
