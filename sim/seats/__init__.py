"""Who decides: a seat gets a picture and gives orders. Doctrine tables, scripted history, recorded orders."""
