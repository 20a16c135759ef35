"""Products (MODEL 6): what is no longer offered, and capacity that all customers share."""

import numpy as np

from tests.naive.cash import selling
from tests.naive.costs import payment_period
from tests.naive.levers import expansion


def drop_lines(simulation, t):
    """Lines that a strategy no longer offers from period t on; the penalty of full service grows by the
    part of all volume, offered or not, that is dropped (eq. 6.3).
    """
    drops = simulation.strategy.drops if simulation.strategy else ()
    ending = [drop for drop in drops if payment_period(drop.at, simulation.s.step) == t]
    for customer, stated in zip(simulation.customers, simulation.scenario.customers, strict=True):
        gone = {drop.product for drop in ending if stated.name in drop.customers}
        volumes = [np.where(customer.active, line.wallet * line.share, 0.0) for line in customer.lines]
        total, dropped = sum(volumes), np.zeros(simulation.paths)
        for line, volume, product in zip(customer.lines, volumes, customer.products, strict=True):
            if product in gone:
                line.offered = False
                dropped = dropped + volume
                simulation.events["line dropped"] += int(np.sum(volume > 0.0))
        part = np.divide(dropped, total, out=np.zeros_like(total), where=total > 0.0)
        ratio = simulation.reader.of(stated.full_service.churn_hazard_ratio)
        logit = simulation.reader.of(stated.full_service.share_logit)
        customer.penalty["churn"] = customer.penalty["churn"] + part * np.log(ratio)
        customer.penalty["share"] = customer.penalty["share"] + part * logit


def fill_orders(simulation, index):
    """Part of the demand for every product that its capacity allows: fill = min(1, capacity / demand) (eq.
    6.2).

    index: prices of the period, by which capacity grows as volume does.
    """
    for name, product in simulation.scenario.products.items():
        lines = [
            (selling(simulation.customers, customer), line)
            for customer in simulation.customers
            for line, sold in zip(customer.lines, customer.products, strict=True)
            if sold == name and line.offered
        ]
        demand = sum((np.where(sells, line.wallet * line.share, 0.0) for sells, line in lines), start=0.0)
        fill = np.ones(simulation.paths)
        if product.capacity is not None:
            capacity = simulation.reader.of(product.capacity) * simulation.s.step
            capacity = capacity + expansion(simulation.programmes, name, simulation.reader)
            offered = np.maximum(0.0, capacity) * index
            short = demand > offered
            fill = np.divide(offered, demand, out=fill, where=short)
            simulation.events["capacity binds"] += int(np.sum(short))
        for _, line in lines:
            line.fill = fill
