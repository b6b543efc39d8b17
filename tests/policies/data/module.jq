# What a rule must not be able to load.
def answer: 42;
