; C: what its nodes are to the pruner. The captures are explained in docs/prune.md.

; Names, texts
(identifier) @identifier
(field_identifier) @identifier
(type_identifier) @identifier
(statement_identifier) @identifier
(string_literal) @string
(char_literal) @string
(system_lib_string) @string
(comment) @comment

; Statements and the blocks that hold them
(translation_unit (_) @statement)
(compound_statement (_) @statement)
(field_declaration_list (_) @statement)
(case_statement (expression_statement) @statement)
(case_statement (if_statement) @statement)
(case_statement (break_statement) @statement)
(case_statement (return_statement) @statement)
(preproc_ifdef (declaration) @statement)
(preproc_ifdef (function_definition) @statement)
(translation_unit) @block
(compound_statement) @block
(field_declaration_list) @block
(enumerator_list) @block

; Declarations
(function_definition) @function
(function_declarator declarator: (identifier) @name)
(struct_specifier name: (type_identifier) @name body: (_)) @class
(enum_specifier name: (type_identifier) @name body: (_)) @class
(union_specifier name: (type_identifier) @name body: (_)) @class

; Calls
(call_expression) @call
(call_expression function: (identifier) @call.name)
(call_expression function: (field_expression field: (field_identifier) @call.name))

; Control structures
(if_statement) @if @structure
(if_statement condition: (_) @test)
(if_statement consequence: (_) @then)
(else_clause) @else @structure
(else_clause (_) @body)
(for_statement) @for @structure
(for_statement initializer: (_) @init)
(for_statement condition: (_) @test)
(for_statement update: (_) @update)
(for_statement body: (_) @body)
(while_statement) @while @structure
(while_statement condition: (_) @test)
(while_statement body: (_) @body)
(do_statement) @do @structure
(do_statement condition: (_) @test)
(do_statement body: (_) @body)
(switch_statement) @switch @structure
(switch_statement body: (_) @body)
(case_statement) @case @structure
(case_statement "default") @default
(case_statement value: (_) @label)
(labeled_statement) @labelled

; Simple statements
(return_statement) @return
(break_statement) @break
(continue_statement) @continue
(goto_statement) @goto
(preproc_include) @import
(declaration) @variable
(field_declaration) @variable
(expression_statement) @expression

; What a name does
(init_declarator declarator: (identifier) @write)
(init_declarator declarator: (pointer_declarator declarator: (identifier) @write))
(init_declarator declarator: (array_declarator declarator: (identifier) @write))
(declaration declarator: (identifier) @write)
(assignment_expression left: (identifier) @write "=")
(assignment_expression left: (identifier) @change)
(update_expression argument: (identifier) @change)
(parameter_declaration declarator: (identifier) @write)
(parameter_declaration declarator: (pointer_declarator declarator: (identifier) @write))
(parameter_declaration declarator: (pointer_declarator declarator: (array_declarator declarator: (identifier) @write)))
(parameter_declaration declarator: (array_declarator declarator: (identifier) @write))
(assignment_expression left: (field_expression argument: (identifier) @mutate))
(assignment_expression left: (subscript_expression argument: (identifier) @mutate))
(assignment_expression left: (pointer_expression argument: (identifier) @mutate))
(field_identifier) @member
(type_identifier) @member
(statement_identifier) @member
