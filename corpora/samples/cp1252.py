# vim: set fileencoding=cp1252 :
price = "€ 10 – “quoted” …"  # œuvre
