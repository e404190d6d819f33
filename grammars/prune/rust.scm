; Rust: what its nodes are to the pruner. The captures are explained in docs/prune.md.

; Names, texts
(identifier) @identifier
(field_identifier) @identifier
(type_identifier) @identifier
(shorthand_field_identifier) @identifier
(string_literal) @string
(raw_string_literal) @string
(char_literal) @string
(line_comment) @comment
(block_comment) @comment
((line_comment) @docstring (#match? @docstring "^//[/!]"))

; Statements and the blocks that hold them
(source_file (_) @statement)
(block (_) @statement)
(declaration_list (_) @statement)
(source_file) @block
(block) @block
(declaration_list) @block
(field_declaration_list) @block
(match_block) @block

; Declarations
(function_item name: (_) @name) @function
(function_signature_item name: (_) @name) @function
(closure_expression body: (block)) @closure
(struct_item name: (_) @name) @class
(enum_item name: (_) @name) @class
(trait_item name: (_) @name) @class
(impl_item) @class
(mod_item name: (_) @name) @class
(attribute_item) @annotation

; Calls
(call_expression) @call
(macro_invocation) @call
(call_expression function: (identifier) @call.name)
(call_expression function: (field_expression field: (field_identifier) @call.name))
(call_expression function: (scoped_identifier name: (identifier) @call.name))
(macro_invocation macro: (identifier) @call.name)

; Control structures
(if_expression) @if @structure
(if_expression condition: (_) @test)
(if_expression consequence: (_) @then)
(else_clause) @else @structure
(else_clause (_) @body)
(for_expression) @foreach @structure
(for_expression body: (_) @body)
(while_expression) @while @structure
(while_expression condition: (_) @test)
(while_expression body: (_) @body)
(loop_expression) @loop @structure
(loop_expression body: (_) @body)
(match_expression) @switch @structure
(match_expression body: (_) @body)
(match_arm pattern: (_) @label) @case @closed @structure
(match_arm value: (_) @then)
((match_arm pattern: (match_pattern) @pattern) @default (#match? @pattern "^_$"))

; Simple statements
(return_expression) @return
(break_expression) @break
(continue_expression) @continue
(use_declaration) @import
(let_declaration) @variable
(const_item) @variable
(static_item) @variable
(expression_statement) @expression

; What a name does
(let_declaration pattern: (identifier) @write)
(let_condition pattern: (tuple_struct_pattern type: (_) (identifier) @write))
(match_pattern (tuple_struct_pattern type: (_) (identifier) @write))
(match_pattern (identifier) @write)
(tuple_pattern (identifier) @write)
(ref_pattern (identifier) @write)
(mut_pattern (identifier) @write)
(for_expression pattern: (identifier) @write)
(parameter pattern: (identifier) @write)
(closure_parameters (identifier) @write)
(function_item name: (identifier) @write)
(assignment_expression left: (identifier) @write)
(compound_assignment_expr left: (identifier) @change)
(assignment_expression left: (field_expression value: (identifier) @mutate))
(assignment_expression left: (index_expression . (identifier) @mutate))
(use_declaration argument: (scoped_identifier name: (identifier) @write))
(scoped_identifier path: (identifier) @member)
(field_identifier) @member
(type_identifier) @member
