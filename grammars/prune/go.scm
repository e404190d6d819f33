; Go: what its nodes are to the pruner. The captures are explained in docs/prune.md.

; Names, texts
(identifier) @identifier
(field_identifier) @identifier
(type_identifier) @identifier
(package_identifier) @identifier
(label_name) @identifier
(interpreted_string_literal) @string
(raw_string_literal) @string
(rune_literal) @string
(comment) @comment

; Statements and the blocks that hold them
(source_file (_) @statement)
(statement_list (_) @statement)
(source_file) @block
(statement_list) @block
(block) @block

; Declarations
(function_declaration name: (identifier) @name) @function
(method_declaration name: (field_identifier) @name) @function
(func_literal) @closure
(type_declaration) @class
(type_spec name: (type_identifier) @name)

; Calls
(call_expression) @call
(call_expression function: (identifier) @call.name)
(call_expression function: (selector_expression field: (field_identifier) @call.name))

; Control structures
(if_statement) @if @structure
(if_statement initializer: (_) @init)
(if_statement condition: (_) @test)
(if_statement consequence: (_) @then)
(if_statement alternative: (_) @else)
(for_statement) @for @structure
(for_statement (for_clause initializer: (_) @init))
(for_statement (for_clause condition: (_) @test))
(for_statement (for_clause update: (_) @update))
(for_statement (range_clause)) @foreach
(for_statement . (_) @test . body: (_))
(for_statement body: (_) @body)
(expression_switch_statement) @switch @structure
(type_switch_statement) @switch @structure
(select_statement) @switch @structure
(expression_case) @case @closed @structure
(type_case) @case @closed @structure
(communication_case) @case @closed @structure
(default_case) @case @closed @default @structure
(expression_case value: (_) @label)
(type_case type: (_) @label)
(communication_case communication: (_) @label)
(labeled_statement) @labelled

; Simple statements
(return_statement) @return
(break_statement) @break
(continue_statement) @continue
(fallthrough_statement) @fallthrough
(import_declaration) @import
(package_clause) @import
(short_var_declaration) @variable
(var_declaration) @variable
(const_declaration) @variable
(assignment_statement) @expression
(expression_statement) @expression
((expression_statement (call_expression function: (identifier) @raise)) @throw (#eq? @raise "panic"))

; What a name does
(short_var_declaration left: (expression_list (identifier) @write))
(assignment_statement left: (expression_list (identifier) @write) "=")
(assignment_statement left: (expression_list (identifier) @change))
(inc_statement (identifier) @change)
(dec_statement (identifier) @change)
(range_clause left: (expression_list (identifier) @write))
(receive_statement left: (expression_list (identifier) @write))
(var_spec name: (identifier) @write)
(const_spec name: (identifier) @write)
(parameter_declaration name: (identifier) @write)
(variadic_parameter_declaration name: (identifier) @write)
(function_declaration name: (identifier) @write)
(assignment_statement left: (expression_list (selector_expression operand: (identifier) @mutate)))
(assignment_statement left: (expression_list (index_expression operand: (identifier) @mutate)))
(field_identifier) @member
(type_identifier) @member
(package_identifier) @member
(label_name) @member
