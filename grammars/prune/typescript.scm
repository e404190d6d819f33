; inherits: javascript
; TypeScript: what its nodes add to JavaScript's.

(type_identifier) @identifier

(interface_body (_) @statement)
(interface_body) @block
(enum_body) @block

(function_signature name: (identifier) @name) @function
(method_signature name: (_) @name) @function
(abstract_method_signature name: (_) @name) @function
(abstract_class_declaration name: (_) @name) @class
(interface_declaration name: (_) @name) @class
(enum_declaration name: (_) @name) @class
(type_alias_declaration name: (_) @name) @class

; What a name does
(type_identifier) @member
(required_parameter pattern: (identifier) @write)
(optional_parameter pattern: (identifier) @write)
