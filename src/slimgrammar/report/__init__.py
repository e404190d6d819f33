"""What a program costs in each form, in tokens, six dimensions and money; the page that shows it, and the playground."""
