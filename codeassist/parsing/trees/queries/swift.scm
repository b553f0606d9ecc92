(function_declaration name: (_) @name) @def.function
(init_declaration) @def.init
(lambda_literal) @def.function
(class_declaration name: (_) @name) @def.class
(protocol_declaration name: (_) @name) @def.class
(inheritance_specifier inherits_from: (user_type (type_identifier) @base))
(import_declaration (identifier) @import.module)
(call_expression . (simple_identifier) @call.name (call_suffix) @args) @call
(call_expression . (navigation_expression target: (_) @call.receiver suffix: (navigation_suffix suffix: (simple_identifier) @call.name)) (call_suffix) @args) @call
(property_declaration name: (pattern bound_identifier: (simple_identifier) @bind.name) value: (call_expression . (simple_identifier) @bind.type))
(property_declaration name: (pattern bound_identifier: (simple_identifier) @bind.name) (type_annotation (user_type (type_identifier) @bind.type)))
(parameter name: (simple_identifier) @bind.name type: (user_type (type_identifier) @bind.type))
(control_transfer_statement) @stmt.return
(if_statement condition: (_) @test) @stmt.if
(for_statement collection: (_) @test) @stmt.for
(while_statement condition: (_) @test) @stmt.while
(repeat_while_statement condition: (_) @test) @stmt.while
(switch_statement expr: (_) @test) @stmt.match
(guard_statement condition: (_) @test) @stmt.if
