; functions and classes
(function_declaration name: (identifier) @name parameters: (_) @params) @def.function
(generator_function_declaration name: (identifier) @name parameters: (_) @params) @def.function
(function_expression name: (identifier)? @name parameters: (_) @params) @def.function
(arrow_function parameters: (_) @params) @def.function
(arrow_function parameter: (_) @params) @def.function
(method_definition name: (_) @name parameters: (_) @params) @def.method
(class_declaration name: (_) @name) @def.class
(class name: (_)? @name) @def.class
; a function takes the name of what it is given to
(variable_declarator name: (identifier) @given value: (_) @to)
(assignment_expression left: (identifier) @given right: (_) @to)
(assignment_expression left: (member_expression property: (_) @given) right: (_) @to)
(pair key: (_) @given value: (_) @to)
; calls
(call_expression function: (identifier) @call.name arguments: (_) @args) @call
(call_expression function: (member_expression object: (_) @call.receiver property: (_) @call.name) arguments: (_) @args) @call
(call_expression function: (super) @call.name arguments: (_) @args) @call
(new_expression constructor: (identifier) @call.name arguments: (_)? @args) @call.new
(new_expression constructor: (member_expression object: (_) @call.receiver property: (_) @call.name) arguments: (_)? @args) @call.new
; imports
(import_statement (import_clause (identifier) @import.default) source: (string (string_fragment) @import.module))
(import_statement (import_clause (namespace_import (identifier) @import.all)) source: (string (string_fragment) @import.module))
(import_specifier name: (_) @import.member alias: (_)? @import.alias) @import.from
(variable_declarator name: (identifier) @import.all value: (call_expression function: (identifier) @_require arguments: (arguments (string (string_fragment) @import.module))) (#eq? @_require "require"))
(variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @import.member) value: (call_expression function: (identifier) @_require arguments: (arguments (string (string_fragment) @import.module))) (#eq? @_require "require"))
; what a variable is
(variable_declarator name: (identifier) @bind.name value: (new_expression constructor: [(identifier) @bind.type (member_expression property: (_) @bind.type)]))
(assignment_expression left: (member_expression object: (this) property: (_) @bind.field) right: (new_expression constructor: (identifier) @bind.type))
(assignment_expression left: (identifier) @bind.name right: (new_expression constructor: (identifier) @bind.type))
; statements
(if_statement condition: (_) @test consequence: (_) @body alternative: (_)? @orelse) @stmt.if
(for_statement condition: (_) @test body: (_) @body) @stmt.for
(for_in_statement right: (_) @test body: (_) @body) @stmt.for
(while_statement condition: (_) @test body: (_) @body) @stmt.while
(do_statement body: (_) @body condition: (_) @test) @stmt.while
(try_statement body: (_) @body handler: (catch_clause body: (_) @handlers)? finalizer: (finally_clause body: (_) @finalbody)?) @stmt.try
(switch_statement value: (_) @test body: (_) @body) @stmt.match
(return_statement) @stmt.return
(throw_statement) @stmt.raise
(break_statement) @stmt.break
(continue_statement) @stmt.continue
(variable_declarator name: (identifier) @name value: (object)) @def.object
(assignment_expression left: (member_expression object: (member_expression object: (identifier) @to.owner property: (_) @_p) property: (_) @given) right: (function_expression) @to (#eq? @_p "prototype"))
(assignment_expression left: (member_expression object: (identifier) @to.owner property: (_) @given) right: [(function_expression) (arrow_function)] @to (#not-match? @to.owner "^(exports|module|window|globalThis|global)$"))
(export_statement "default" declaration: (_ name: (_) @export.default))
(export_statement "default" value: (identifier) @export.default)
(export_statement (export_clause (export_specifier name: (_) @import.member alias: (_)? @import.alias)) source: (string (string_fragment) @import.module)) @import.from
(export_statement !declaration !value "*" source: (string (string_fragment) @import.star))
