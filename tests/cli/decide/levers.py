"""A firm of one customer with a lever on the customer and one on the product."""

SCENARIO = """
crcsim: 1
time: {valuation_date: 2026-01-01, years: 5, periods_per_year: 1}
money: {currency: EUR}
simulation: {seed: 3, paths: 1000}
economy: {real_rate: 0%, expected_inflation: 0%, market: {expected_return: 5%, volatility: 20%}}
capital: {rate: 10%}
products: {goods: {}}
customer_defaults: {beta: 0, growth: 0%, volatility: 0%, churn: {hazard: 0}}
customers: {A: {lines: {goods: {wallet: 100, share: 100%}}}}
levers:
  care:
    target: {customer: A}
    spend: {once: 4}
    response: {lag: 1 year, decay: 20%, half_effect_spend: 4}
    effects: {price_premium: 50%}
  premium:
    target: {product: goods}
    spend: {once: 4}
    response: {lag: 1 year, decay: 20%, half_effect_spend: 4}
    effects: {price_premium: 10%}
strategies:
  act: {levers: {care: {start: now, spend: 50%}}}
"""
