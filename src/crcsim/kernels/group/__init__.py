"""The order of the stages: one coupling group through all periods on one block of lanes.

Per period: draws, business index, wallet, share, exits, cash. Under the flow timing `begin` cash comes
first, because its flow stands at the first day of the period, before the period's growth and exits.
"""
