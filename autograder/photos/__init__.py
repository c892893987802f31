"""The process that opens a student's pictures: confined, and with nothing else to see.

A picture is hostile input. Here it is decoded; out come numbers alone, whose sizes the grader
checks. The process knows neither the names of the files nor the seed of the choice.
"""
