"""The 28×28 image that a network is given, and what older programs give it instead."""
