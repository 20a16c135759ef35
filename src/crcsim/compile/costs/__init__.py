"""Costs of customers as the kernel bears them (MODEL 8): what follows the volume of a line, what is fixed,
capacity kept ready, notices and investments.
"""
