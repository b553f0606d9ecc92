(function_definition declarator: (function_declarator declarator: (identifier) @name parameters: (_) @params)) @def.function
(function_definition declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name parameters: (_) @params))) @def.function
(function_definition declarator: (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name parameters: (_) @params)))) @def.function
(call_expression function: (identifier) @call.name arguments: (_) @args) @call
(call_expression function: (field_expression argument: (_) @call.receiver field: (_) @call.name) arguments: (_) @args) @call
(call_expression function: (parenthesized_expression) @call.name arguments: (_) @args) @call
(preproc_include path: (string_literal (string_content) @import.file))
(preproc_include path: (system_lib_string) @import.system)
(preproc_function_def name: (identifier) @name parameters: (_) @params) @def.macro
(if_statement condition: (_) @test consequence: (_) @body alternative: (_)? @orelse) @stmt.if
(for_statement condition: (_)? @test body: (_) @body) @stmt.for
(while_statement condition: (_) @test body: (_) @body) @stmt.while
(do_statement body: (_) @body condition: (_) @test) @stmt.while
(switch_statement condition: (_) @test body: (_) @body) @stmt.match
(return_statement) @stmt.return
(break_statement) @stmt.break
(continue_statement) @stmt.continue
(goto_statement) @stmt.goto
