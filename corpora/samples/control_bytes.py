text = "bell  escape  delete  private  noncharacter ￿ astral 􏿿"  # 
