; inherits: c
; C++: what its nodes add to C's.

(namespace_identifier) @identifier
(raw_string_literal) @string

(declaration_list (_) @statement)
(declaration_list) @block

(function_declarator declarator: (field_identifier) @name)
(function_declarator declarator: (qualified_identifier name: (identifier) @name))
(lambda_expression body: (_)) @closure
(class_specifier name: (type_identifier) @name body: (_)) @class

(call_expression function: (qualified_identifier name: (identifier) @call.name))
(new_expression) @call
(new_expression type: (type_identifier) @call.name)

(for_range_loop) @foreach @structure
(for_range_loop body: (_) @body)
(try_statement) @try @structure
(try_statement body: (_) @body)
(catch_clause) @catch @structure
(catch_clause body: (_) @body)
(throw_statement) @throw

(using_declaration) @import
; What a name does
(namespace_identifier) @member
(for_range_loop declarator: (identifier) @write)
(for_range_loop declarator: (reference_declarator (identifier) @write))
(init_declarator declarator: (reference_declarator (identifier) @write))
(parameter_declaration declarator: (reference_declarator (identifier) @write))
