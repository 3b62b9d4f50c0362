print("tickertape")
