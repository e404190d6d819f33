import {{ module }}

{% for name in names %}
{{ name }} = 1
{% endfor %}
